import ts from 'typescript';
import { CAUGHT, CELL, DYNAMIC_IMPORT, HANDLER, IMPORT, META, SCOPE } from '../given';
import { assignments, bare, isNaming, ownKey, target, valueFor, withDefault } from './assignments';
import { beforeName } from './before';
import { callOf, caught, ERROR, handlerOf } from './handlers';
import { boundNames } from './names';
import { inScope, type Rewriting, type Scoped } from './scoped';

const { factory } = ts;

/** How the expressions of a cell are rewritten: every mention of a name that the scope holds. */
export function newRewriting(
  checker: ts.TypeChecker,
  scoped: Scoped,
  context: ts.TransformationContext,
): Rewriting {
  const at: Rewriting = {
    checker,
    scoped,
    visit: (node) => rewritten(node, at),
    visited: (node) => ts.visitEachChild(node, at.visit, context),
    expression: (node) => ts.visitNode(node, at.visit) as ts.Expression,
  };
  return at;
}

type Rewritten = ts.Node | ts.Node[] | undefined;

function rewritten(node: ts.Node, at: Rewriting): ts.VisitResult<ts.Node> {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
  return (
    nameRewritten(node, at) ??
    shorthandRewritten(node, at) ??
    namingRewritten(node, at) ??
    callRewritten(node, at) ??
    tagRewritten(node, at) ??
    variablesRewritten(node, at) ??
    metaRewritten(node) ??
    (ts.isCatchClause(node) ? caught(at.visited(node)) : at.visited(node))
  );
}

function nameRewritten(node: ts.Node, { checker, scoped }: Rewriting): Rewritten {
  if (ts.isIdentifier(node)) {
    if (scoped.isMentioned(node)) return inScope(node);
    return isOwnLocal(checker.getSymbolAtLocation(node)) ? renamed(node) : node;
  }
  const before = beforeName(node);
  return before && inScope(before);
}

/** `{ a }` is `{ a: __scope__.a }`. */
function shorthandRewritten(node: ts.Node, at: Rewriting): Rewritten {
  if (!ts.isShorthandPropertyAssignment(node)) return undefined;
  const { name, objectAssignmentInitializer } = node;
  const symbol = at.checker.getShorthandAssignmentValueSymbol(node);
  if (isOwnLocal(symbol)) return factory.createPropertyAssignment(name, renamed(name));
  if (!at.scoped.has(symbol)) return undefined;
  const value = withDefault(name, objectAssignmentInitializer, at);
  return factory.createPropertyAssignment(ownKey(name.text), value);
}

function namingRewritten(node: ts.Node, at: Rewriting): Rewritten {
  if (!isNaming(node) || !ts.isIdentifier(node.left)) return undefined;
  if (!at.scoped.isMentioned(node.left)) return undefined;
  const value = valueFor(node.left, node.right, at);
  return factory.updateBinaryExpression(node, inScope(node.left), node.operatorToken, value);
}

function callRewritten(node: ts.Node, at: Rewriting): Rewritten {
  if (!ts.isCallExpression(node)) return undefined;
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const name = factory.createIdentifier(DYNAMIC_IMPORT);
    return factory.createCallExpression(name, undefined, node.arguments.map(at.expression));
  }
  const called = callee(node.expression, at.scoped);
  const handler = handlerOf(node, at.checker);
  if (!called && !handler) return undefined;
  const to = called ?? at.expression(node.expression);
  const values = node.arguments.map((one) =>
    one === handler ? callOf(HANDLER, at.expression(one)) : at.expression(one),
  );
  return ts.isCallChain(node)
    ? factory.updateCallChain(node, to, node.questionDotToken, node.typeArguments, values)
    : factory.updateCallExpression(node, to, node.typeArguments, values);
}

function tagRewritten(node: ts.Node, at: Rewriting): Rewritten {
  const called = ts.isTaggedTemplateExpression(node) && callee(node.tag, at.scoped);
  if (!called) return undefined;
  const template = ts.visitNode(node.template, at.visit) as ts.TemplateLiteral;
  return factory.updateTaggedTemplateExpression(node, called, node.typeArguments, template);
}

/** `(0, __scope__.f)`, so that the scope is not the function's `this`; undefined for others. */
function callee(node: ts.Expression, scoped: Scoped): ts.Expression | undefined {
  const inner = bare(node);
  const name = ts.isIdentifier(inner) && scoped.isMentioned(inner) ? inner : beforeName(inner);
  if (!name) return undefined;
  const zero = factory.createNumericLiteral(0);
  return factory.createParenthesizedExpression(factory.createComma(zero, inScope(name)));
}

/** Declarations of the cell's own scope, also in a block or a loop. */
function variablesRewritten(node: ts.Node, at: Rewriting): Rewritten {
  const isOfCell = (list: ts.VariableDeclarationList) =>
    boundNames(list).some((name) => at.scoped.has(at.checker.getSymbolAtLocation(name)));
  if (ts.isVariableStatement(node) && isOfCell(node.declarationList)) {
    return assignments(node.declarationList, at).map((one) =>
      ts.setTextRange(factory.createExpressionStatement(one), node),
    );
  }
  if (!ts.isVariableDeclarationList(node) || !isOfCell(node)) return undefined;
  const loop = node.parent;
  return ts.isForInStatement(loop) || ts.isForOfStatement(loop)
    ? target(node.declarations[0]!.name, at)
    : assignments(node, at).reduce((all, one) => factory.createComma(all, one));
}

function metaRewritten(node: ts.Node): Rewritten {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword
    ? factory.createIdentifier(META)
    : undefined;
}

/** A local variable that has a name of the compiler's own goes by another. */
const isOwnLocal = (symbol: ts.Symbol | undefined): boolean =>
  symbol !== undefined &&
  OWN.has(symbol.name) &&
  (symbol.flags & ts.SymbolFlags.Value) !== 0 &&
  (symbol.flags & ts.SymbolFlags.ClassMember) === 0;
const OWN = new Set([SCOPE, CELL, IMPORT, DYNAMIC_IMPORT, META, CAUGHT, HANDLER, ERROR]);
const renamed = ({ text }: ts.Identifier) => factory.createIdentifier(`${text}_`);
