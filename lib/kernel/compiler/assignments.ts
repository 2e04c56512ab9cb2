import ts from 'typescript';
import { isVar } from './names';
import { inScope, type Rewriting } from './scoped';

const { factory } = ts;

/** The declarations of a list as assignments to the scope. */
export function assignments(list: ts.VariableDeclarationList, at: Rewriting): ts.Expression[] {
  return list.declarations.map((declaration) => assigned(declaration, at));
}

function assigned(declaration: ts.VariableDeclaration, at: Rewriting): ts.Expression {
  const { name, initializer, parent } = declaration;
  if (!initializer) {
    // `var a` alone changes nothing, but the name is there.
    const value = isVar(parent as ts.VariableDeclarationList)
      ? inScope(name as ts.Identifier)
      : factory.createVoidZero();
    return factory.createAssignment(target(name, at), value);
  }
  const made = factory.createAssignment(target(name, at), valueFor(name, initializer, at));
  return ts.setTextRange(made, declaration);
}

/** A variable or a pattern as what is assigned to. */
export function target(name: ts.BindingName, at: Rewriting): ts.Expression {
  if (ts.isIdentifier(name)) return inScope(name);
  if (ts.isArrayBindingPattern(name)) {
    return factory.createArrayLiteralExpression(
      name.elements.map((part) => {
        if (ts.isOmittedExpression(part)) return part;
        return part.dotDotDotToken
          ? factory.createSpreadElement(target(part.name, at))
          : withDefault(part.name, part.initializer, at);
      }),
    );
  }
  return factory.createObjectLiteralExpression(
    name.elements.map((part) => {
      if (part.dotDotDotToken) return factory.createSpreadAssignment(target(part.name, at));
      const key = part.propertyName
        ? (ts.visitNode(part.propertyName, at.visit) as ts.PropertyName)
        : factory.createIdentifier((part.name as ts.Identifier).text);
      return factory.createPropertyAssignment(key, withDefault(part.name, part.initializer, at));
    }),
  );
}

/** `name = value` as a part of a pattern; without a value the name alone. */
export function withDefault(
  name: ts.BindingName,
  value: ts.Expression | undefined,
  at: Rewriting,
): ts.Expression {
  const to = target(name, at);
  return value ? factory.createAssignment(to, valueFor(name, value, at)) : to;
}

/** What a name is assigned; a function takes its name. */
export function valueFor(name: ts.BindingName, value: ts.Expression, at: Rewriting): ts.Expression {
  const made = at.expression(value);
  return ts.isIdentifier(name) && isNameless(bare(value)) ? withName(name.text, made) : made;
}

/** An expression without parentheses and assertions around it. */
export function bare(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
    ? bare(node.expression)
    : node;
}

/** Whether it takes the name of the variable that it is assigned to. */
function isNameless(node: ts.Expression): boolean {
  return (
    ts.isArrowFunction(node) ||
    ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name === undefined)
  );
}

/** Whether it gives a function its name: `f = () => …`, `f ??= () => …`. */
export function isNaming(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && NAMING.has(node.operatorToken.kind);
}

const NAMING = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** A key of a property; `__proto__: x` would be none. */
export function ownKey(name: string): string | ts.PropertyName {
  return name === '__proto__'
    ? factory.createComputedPropertyName(factory.createStringLiteral(name))
    : name;
}

/** `({ f: () => … }).f`: an assignment to a property of the scope gives no name. */
function withName(name: string, value: ts.Expression): ts.Expression {
  const named = factory.createObjectLiteralExpression([
    factory.createPropertyAssignment(ownKey(name), value),
  ]);
  return factory.createPropertyAccessExpression(named, name);
}
