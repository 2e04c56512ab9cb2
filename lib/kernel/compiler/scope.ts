import ts from 'typescript';
import { CAUGHT, CELL, DYNAMIC_IMPORT, HANDLER, IMPORT, META, SCOPE } from '../given';
import { beforeName } from './before';
import {
  boundNames,
  isAmbient,
  isElsewhere,
  isExported,
  isUsing,
  isVar,
  topLevelNames,
} from './names';

/** What a `catch` with a pattern catches, before the pattern takes it apart. */
export const ERROR = '__error__';

const { factory } = ts;

/**
 * All cells of a notebook share one object, `__scope__`, that holds what they declare at their top
 * level: `let a = 1` becomes `__scope__.a = 1`, and every mention of `a`, in this cell, in a later
 * one, or in a function that an earlier one made, is one of `__scope__.a`. So a function sees what a
 * later cell assigns, or declares anew, as in any notebook.
 *
 * @param earlier names of earlier cells that are brought in behind the cell's own text
 * @param end where the cell's own text ends
 */
export function throughScope(
  checker: ts.TypeChecker,
  earlier: ReadonlySet<string>,
  end: number,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => transform(file, context, checker, earlier, end);
}

function transform(
  file: ts.SourceFile,
  context: ts.TransformationContext,
  checker: ts.TypeChecker,
  earlier: ReadonlySet<string>,
  end: number,
): ts.SourceFile {
  const cell = file.statements.filter((statement) => statement.getStart(file) < end);
  const added = file.statements.filter((statement) => statement.getStart(file) >= end);
  const locals = localNames(cell);
  const scoped = new Set<ts.Symbol>();
  const add = (name: ts.Node) => {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol) scoped.add(symbol);
  };
  for (const statement of cell) {
    if (isElsewhere(statement)) continue;
    for (const name of topLevelNames(statement)) if (!locals.has(name.text)) add(name);
  }
  for (const name of added.flatMap(topLevelNames)) if (earlier.has(name.text)) add(name);
  /** What is called by its own name in its body, where the scope has it not yet: a class, an enum. */
  const inside = new Set<ts.Symbol>();

  const isScoped = (node: ts.Identifier): boolean => {
    // What is only called so: a property, a parameter, a declaration.
    if ((node.parent as { name?: ts.Node }).name === node) return false;
    const symbol = checker.getSymbolAtLocation(node);
    return symbol !== undefined && scoped.has(symbol) && !inside.has(symbol);
  };
  const inScope = (name: ts.Identifier): ts.Expression => {
    const access = factory.createPropertyAccessExpression(
      factory.createIdentifier(SCOPE),
      factory.createIdentifier(name.text),
    );
    return ts.setTextRange(access, name);
  };
  const expression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;

  /** `(0, __scope__.f)`, so that the scope is not the function's `this`; undefined for others. */
  const callee = (node: ts.Expression): ts.Expression | undefined => {
    const inner = bare(node);
    const name = ts.isIdentifier(inner) && isScoped(inner) ? inner : beforeName(inner);
    if (!name) return undefined;
    const zero = factory.createNumericLiteral(0);
    return factory.createParenthesizedExpression(factory.createComma(zero, inScope(name)));
  };

  /** What `import a = b.c` and `import a = require('b')` refer to. */
  const referred = (to: ts.ModuleReference): ts.Expression => {
    if (ts.isExternalModuleReference(to)) {
      return factory.createCallExpression(factory.createIdentifier('require'), undefined, [
        to.expression,
      ]);
    }
    if (ts.isIdentifier(to)) return isScoped(to) ? inScope(to) : to;
    return factory.createPropertyAccessExpression(referred(to.left), to.right.text);
  };

  const target = (name: ts.BindingName): ts.Expression => {
    if (ts.isIdentifier(name)) return inScope(name);
    if (ts.isArrayBindingPattern(name)) {
      return factory.createArrayLiteralExpression(
        name.elements.map((part) => {
          if (ts.isOmittedExpression(part)) return part;
          return part.dotDotDotToken
            ? factory.createSpreadElement(target(part.name))
            : withDefault(part.name, part.initializer);
        }),
      );
    }
    return factory.createObjectLiteralExpression(
      name.elements.map((part) => {
        if (part.dotDotDotToken) return factory.createSpreadAssignment(target(part.name));
        const key = part.propertyName
          ? (ts.visitNode(part.propertyName, visit) as ts.PropertyName)
          : factory.createIdentifier((part.name as ts.Identifier).text);
        return factory.createPropertyAssignment(key, withDefault(part.name, part.initializer));
      }),
    );
  };
  const withDefault = (name: ts.BindingName, value: ts.Expression | undefined): ts.Expression =>
    value ? factory.createAssignment(target(name), valueFor(name, value)) : target(name);
  const valueFor = (name: ts.BindingName, value: ts.Expression): ts.Expression =>
    ts.isIdentifier(name) && isNameless(bare(value))
      ? withName(name.text, expression(value))
      : expression(value);

  const assigned = (declaration: ts.VariableDeclaration): ts.Expression | undefined => {
    const { name, initializer, parent } = declaration;
    if (!initializer) {
      // `var a` alone changes nothing, but the name is there.
      const value = isVar(parent as ts.VariableDeclarationList)
        ? inScope(name as ts.Identifier)
        : factory.createVoidZero();
      return factory.createAssignment(target(name), value);
    }
    const made = factory.createAssignment(target(name), valueFor(name, initializer));
    return ts.setTextRange(made, declaration);
  };
  const assignments = (list: ts.VariableDeclarationList): ts.Expression[] =>
    list.declarations.flatMap((declaration) => assigned(declaration) ?? []);
  const ofCell = (list: ts.VariableDeclarationList) =>
    boundNames(list).some((name) => {
      const symbol = checker.getSymbolAtLocation(name);
      return symbol !== undefined && scoped.has(symbol);
    });

  function visit(node: ts.Node): ts.VisitResult<ts.Node> {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isIdentifier(node)) {
      if (isScoped(node)) return inScope(node);
      return isOwnLocal(checker.getSymbolAtLocation(node)) ? renamed(node) : node;
    }
    const before = beforeName(node);
    if (before) return inScope(before);
    if (ts.isShorthandPropertyAssignment(node)) {
      const symbol = checker.getShorthandAssignmentValueSymbol(node);
      if (isOwnLocal(symbol))
        return factory.createPropertyAssignment(node.name, renamed(node.name));
      if (symbol && scoped.has(symbol) && !inside.has(symbol)) {
        const value = withDefault(node.name, node.objectAssignmentInitializer);
        return factory.createPropertyAssignment(ownKey(node.name.text), value);
      }
    }
    if (isNaming(node) && ts.isIdentifier(node.left) && isScoped(node.left)) {
      const value = valueFor(node.left, node.right);
      return factory.updateBinaryExpression(node, inScope(node.left), node.operatorToken, value);
    }
    if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        const name = factory.createIdentifier(DYNAMIC_IMPORT);
        return factory.createCallExpression(name, undefined, node.arguments.map(expression));
      }
      const called = callee(node.expression);
      const handler = handlerOf(node, checker);
      if (called || handler) {
        const to = called ?? expression(node.expression);
        const values = node.arguments.map((one) =>
          one === handler ? callOf(HANDLER, expression(one)) : expression(one),
        );
        return ts.isCallChain(node)
          ? factory.updateCallChain(node, to, node.questionDotToken, node.typeArguments, values)
          : factory.updateCallExpression(node, to, node.typeArguments, values);
      }
    }
    if (ts.isCatchClause(node)) return caught(visited(node));
    if (ts.isTaggedTemplateExpression(node)) {
      const called = callee(node.tag);
      const template = ts.visitNode(node.template, visit) as ts.TemplateLiteral;
      if (called) {
        return factory.updateTaggedTemplateExpression(node, called, node.typeArguments, template);
      }
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return factory.createIdentifier(META);
    }
    if (ts.isVariableStatement(node) && ofCell(node.declarationList)) {
      return assignments(node.declarationList).map((one) =>
        ts.setTextRange(factory.createExpressionStatement(one), node),
      );
    }
    if (ts.isVariableDeclarationList(node) && ofCell(node)) {
      const loop = node.parent;
      if (ts.isForInStatement(loop) || ts.isForOfStatement(loop)) {
        return target(node.declarations[0]!.name);
      }
      return assignments(node).reduce((all, one) => factory.createComma(all, one));
    }
    return ts.visitEachChild(node, visit, context);
  }
  const visited = <T extends ts.Node>(node: T): T => ts.visitEachChild(node, visit, context);
  const visitedInside = <T extends ts.DeclarationStatement>(node: T): T => {
    const symbol = node.name && checker.getSymbolAtLocation(node.name);
    if (symbol) inside.add(symbol);
    const body = visited(node);
    if (symbol) inside.delete(symbol);
    return body;
  };
  const statements = (node: ts.Statement): ts.Statement[] => {
    const result = visit(node);
    return (
      result === undefined ? [] : Array.isArray(result) ? result : [result]
    ) as ts.Statement[];
  };

  /** `export { g as f }`: `f` is what `g` is at the cell's end. */
  const aliased = (statement: ts.ExportDeclaration): ts.Statement[] =>
    topLevelNames(statement).flatMap((name) => {
      const specifier = name.parent as ts.ExportSpecifier;
      const { propertyName } = specifier;
      const symbol = checker.getExportSpecifierLocalTargetSymbol(specifier);
      if (!propertyName || !ts.isIdentifier(propertyName) || !symbol) return [];
      if (statement.isTypeOnly || specifier.isTypeOnly || !isValue(symbol, checker)) return [];
      const value = scoped.has(symbol) ? inScope(propertyName) : propertyName;
      return factory.createExpressionStatement(factory.createAssignment(inScope(name), value));
    });

  const first: ts.Statement[] = [];
  const rest: ts.Statement[] = [];
  const aliases: ts.Statement[] = [];
  const publish = (name: string) => rest.push(publication(name));
  const last = cell.findLast((one) => !ts.isExportDeclaration(one) && !ts.isEmptyStatement(one));
  for (const statement of cell) {
    if (isAmbient(statement)) continue;
    if (ts.isImportDeclaration(statement) || isReexport(statement)) {
      const call = importCall(statement, checker);
      if (call) first.push(ts.setTextRange(call, statement));
    } else if (ts.isExportDeclaration(statement)) aliases.push(...aliased(statement));
    else if (ts.isFunctionDeclaration(statement)) {
      if (!statement.body) continue;
      const { name } = statement;
      if (name && locals.has(name.text)) {
        rest.push(withoutExport(visited(statement)));
        publish(name.text);
      } else first.push(...functionAssigned(visited(statement), name && inScope(name)));
    } else if (ts.isClassDeclaration(statement)) {
      const { name } = statement;
      const body = visitedInside(statement);
      if (name && locals.has(name.text)) {
        rest.push(withoutExport(body));
        publish(name.text);
      } else rest.push(...classAssigned(body, name && inScope(name)));
    } else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
      rest.push(withoutExport(visitedInside(statement)));
      if (ts.isIdentifier(statement.name)) publish(statement.name.text);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      const symbol = checker.getSymbolAtLocation(statement.name);
      if (statement.isTypeOnly || !symbol || !isValue(symbol, checker)) continue;
      const value = referred(statement.moduleReference);
      const made = factory.createAssignment(inScope(statement.name), value);
      rest.push(ts.setTextRange(factory.createExpressionStatement(made), statement));
    } else if (ts.isVariableStatement(statement) && isUsing(statement.declarationList)) {
      rest.push(visited(statement));
      for (const { text } of boundNames(statement.declarationList)) publish(text);
    } else if (ts.isExportAssignment(statement)) {
      rest.push(factory.createExpressionStatement(expression(statement.expression)));
    } else if (statement === last && ts.isExpressionStatement(statement)) {
      const value = factory.createPropertyAccessExpression(factory.createIdentifier(CELL), 'value');
      const kept = factory.createAssignment(value, expression(statement.expression));
      rest.push(ts.setTextRange(factory.createExpressionStatement(kept), statement));
    } else rest.push(...statements(statement));
  }
  return factory.updateSourceFile(file, [...first, ...rest, ...aliases]);
}

/** A local variable that has a name of the compiler's own goes by another. */
const isOwnLocal = (symbol: ts.Symbol | undefined): boolean =>
  symbol !== undefined &&
  OWN.has(symbol.name) &&
  (symbol.flags & ts.SymbolFlags.Value) !== 0 &&
  (symbol.flags & ts.SymbolFlags.ClassMember) === 0;
const OWN = new Set([SCOPE, CELL, IMPORT, DYNAMIC_IMPORT, META, CAUGHT, HANDLER, ERROR]);
const renamed = ({ text }: ts.Identifier) => factory.createIdentifier(`${text}_`);

const callOf = (name: string, value: ts.Expression): ts.Expression =>
  factory.createCallExpression(factory.createIdentifier(name), undefined, [value]);

/** A `catch` that begins with putting right what it caught: its message tells of the scope. */
function caught(clause: ts.CatchClause): ts.CatchClause {
  const { variableDeclaration: variable, block } = clause;
  if (!variable) return clause;
  const { name } = variable;
  const begunWith = (first: ts.Statement) =>
    factory.updateBlock(block, [first, ...block.statements]);
  if (ts.isIdentifier(name)) {
    const value = factory.createIdentifier(name.text);
    const first = factory.createExpressionStatement(callOf(CAUGHT, value));
    return factory.updateCatchClause(clause, variable, begunWith(first));
  }
  const whole = factory.createIdentifier(ERROR);
  const parts = factory.createVariableDeclaration(
    name,
    undefined,
    undefined,
    callOf(CAUGHT, whole),
  );
  const first = factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList([parts], ts.NodeFlags.Let),
  );
  const all = factory.createVariableDeclaration(whole);
  return factory.updateCatchClause(clause, all, begunWith(first));
}

/** What is called with the reason of a rejection: `f` of `promise.catch(f)` and `promise.then(g, f)`. */
function handlerOf(
  { expression: called, arguments: values }: ts.CallExpression,
  checker: ts.TypeChecker,
): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(called)) return undefined;
  const { text } = called.name;
  const handler = text === 'catch' ? values[0] : text === 'then' ? values[1] : undefined;
  if (!handler || ts.isSpreadElement(handler)) return undefined;
  const type = checker.getTypeAtLocation(called.expression);
  const isPromise =
    (type.flags & ts.TypeFlags.Any) !== 0 || /^Promise(Like)?$/.test(type.symbol?.name ?? '');
  return isPromise ? handler : undefined;
}

/** An expression without parentheses and assertions around it. */
function bare(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
    ? bare(node.expression)
    : node;
}

/**
 * Names that stay variables of the cell's own function, and are only put into the scope as well:
 * `using`, which is disposed of there, and functions and classes with a namespace of their name.
 */
function localNames(cell: readonly ts.Statement[]): Set<string> {
  const names = new Set<string>();
  const spaces = new Set(
    cell.flatMap((one) => (ts.isModuleDeclaration(one) && !isAmbient(one) ? one.name.text : [])),
  );
  for (const statement of cell) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      const name = statement.name?.text;
      if (name !== undefined && spaces.has(name)) names.add(name);
    }
    if (ts.isVariableStatement(statement) && isUsing(statement.declarationList)) {
      for (const { text } of boundNames(statement.declarationList)) names.add(text);
    }
  }
  return names;
}

/** `export { f } from 'm'` and `export * as m from 'm'`. */
type Reexport = ts.ExportDeclaration & { readonly moduleSpecifier: ts.Expression };

function isReexport(statement: ts.Statement): statement is Reexport {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

/** `await __import__(module, [[local, imported], …])`; nothing for an import of types alone. */
function importCall(
  statement: ts.ImportDeclaration | Reexport,
  checker: ts.TypeChecker,
): ts.Statement | undefined {
  const { moduleSpecifier } = statement;
  const clause = ts.isImportDeclaration(statement)
    ? statement.importClause
    : statement.exportClause;
  if (isOfTypes(statement)) return undefined;
  const pairs = topLevelNames(statement).flatMap((name): [local: string, imported: string][] => {
    const symbol = checker.getSymbolAtLocation(name);
    const isThere = symbol && isValue(symbol, checker);
    const imported = isThere && importedName(name);
    return imported ? [[name.text, imported]] : [];
  });
  if (clause && pairs.length === 0) return undefined;
  const text = (value: string) => factory.createStringLiteral(value);
  const list = pairs.map((pair) => factory.createArrayLiteralExpression(pair.map(text)));
  const call = factory.createCallExpression(factory.createIdentifier(IMPORT), undefined, [
    moduleSpecifier,
    factory.createArrayLiteralExpression(list),
  ]);
  return factory.createExpressionStatement(factory.createAwaitExpression(call));
}

function isOfTypes(statement: ts.ImportDeclaration | Reexport): boolean {
  return ts.isImportDeclaration(statement)
    ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : statement.isTypeOnly;
}

/** What a module calls what a name of an import stands for; nothing for a type. */
function importedName({ parent }: ts.Identifier): string | undefined {
  if (ts.isImportClause(parent)) return 'default';
  if (ts.isNamespaceImport(parent) || ts.isNamespaceExport(parent)) return '*';
  const { isTypeOnly, propertyName, name } = parent as ts.ImportSpecifier | ts.ExportSpecifier;
  return isTypeOnly ? undefined : (propertyName ?? name).text;
}

/** Whether a name is there at run time, as far as is known. */
function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) {
    return (symbol.flags & ts.SymbolFlags.Value) !== 0;
  }
  const { flags, declarations } = checker.getAliasedSymbol(symbol);
  return declarations === undefined || (flags & ts.SymbolFlags.Value) !== 0;
}

/** Whether it takes the name of the variable that it is assigned to. */
function isNameless(node: ts.Expression): boolean {
  return (
    ts.isArrowFunction(node) ||
    ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name === undefined)
  );
}

/** Whether it gives a function its name: `f = () => …`, `f ??= () => …`. */
function isNaming(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && NAMING.has(node.operatorToken.kind);
}

const NAMING = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** A key of a property; `__proto__: x` would be none. */
function ownKey(name: string): string | ts.PropertyName {
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

function functionAssigned(
  node: ts.FunctionDeclaration,
  to: ts.Expression | undefined,
): ts.Statement[] {
  if (!to) return [];
  const { asteriskToken, name, typeParameters, parameters, type, body } = node;
  const isAsync = ts.getModifiers(node)?.filter(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  const made = factory.createFunctionExpression(
    isAsync,
    asteriskToken,
    name && factory.createIdentifier(name.text),
    typeParameters,
    parameters,
    type,
    body!,
  );
  return [
    ts.setTextRange(
      factory.createExpressionStatement(factory.createAssignment(to, ts.setTextRange(made, node))),
      node,
    ),
  ];
}

function classAssigned(node: ts.ClassDeclaration, to: ts.Expression | undefined): ts.Statement[] {
  const { name, typeParameters, heritageClauses, members } = node;
  const made = factory.createClassExpression(
    ts.getDecorators(node),
    name && factory.createIdentifier(name.text),
    typeParameters,
    heritageClauses,
    members,
  );
  const value = ts.setTextRange(ts.setOriginalNode(made, node), node);
  const statement = factory.createExpressionStatement(
    to ? factory.createAssignment(to, value) : factory.createVoidExpression(value),
  );
  return [ts.setTextRange(statement, node)];
}

/** `__scope__.E = typeof E === "undefined" ? undefined : E`: a namespace of types is not there. */
function publication(name: string): ts.Statement {
  const id = () => factory.createIdentifier(name);
  const missing = factory.createStrictEquality(
    factory.createTypeOfExpression(id()),
    factory.createStringLiteral('undefined'),
  );
  const value = factory.createConditionalExpression(
    missing,
    undefined,
    factory.createVoidZero(),
    undefined,
    id(),
  );
  const to = factory.createPropertyAccessExpression(factory.createIdentifier(SCOPE), name);
  return factory.createExpressionStatement(factory.createAssignment(to, value));
}

function withoutExport<T extends ts.Statement>(statement: T): T {
  if (!isExported(statement) || !ts.canHaveModifiers(statement)) return statement;
  const kept = statement.modifiers?.filter(
    ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword,
  );
  return factory.replaceModifiers(
    statement as unknown as ts.EnumDeclaration,
    kept?.filter(ts.isModifier) ?? [],
  ) as unknown as T;
}
