import ts from 'typescript';
import { IMPORT } from '../given';
import { topLevelNames } from './names';
import { inScope, type Rewriting } from './scoped';

const { factory } = ts;

/** `export { f } from 'm'` and `export * as m from 'm'`. */
type Reexport = ts.ExportDeclaration & { readonly moduleSpecifier: ts.Expression };

export function isReexport(statement: ts.Statement): statement is Reexport {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

/** `await __import__(module, [[local, imported], …])`; nothing for an import of types alone. */
export function importCall(
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

/** `import a = b.c` and `import a = require('b')`; nothing for an import of types alone. */
export function importEquals(
  statement: ts.ImportEqualsDeclaration,
  at: Rewriting,
): ts.Statement | undefined {
  const symbol = at.checker.getSymbolAtLocation(statement.name);
  if (statement.isTypeOnly || !symbol || !isValue(symbol, at.checker)) return undefined;
  const value = referred(statement.moduleReference, at);
  const made = factory.createAssignment(inScope(statement.name), value);
  return ts.setTextRange(factory.createExpressionStatement(made), statement);
}

function referred(to: ts.ModuleReference, at: Rewriting): ts.Expression {
  if (ts.isExternalModuleReference(to)) {
    return factory.createCallExpression(factory.createIdentifier('require'), undefined, [
      to.expression,
    ]);
  }
  if (ts.isIdentifier(to)) return at.scoped.isMentioned(to) ? inScope(to) : to;
  return factory.createPropertyAccessExpression(referred(to.left, at), to.right.text);
}

/** `export { g as f }`: `f` is what `g` is at the cell's end. */
export function aliased(statement: ts.ExportDeclaration, at: Rewriting): ts.Statement[] {
  const { checker, scoped } = at;
  return topLevelNames(statement).flatMap((name) => {
    const specifier = name.parent as ts.ExportSpecifier;
    const { propertyName } = specifier;
    const symbol = checker.getExportSpecifierLocalTargetSymbol(specifier);
    if (!propertyName || !ts.isIdentifier(propertyName) || !symbol) return [];
    if (statement.isTypeOnly || specifier.isTypeOnly || !isValue(symbol, checker)) return [];
    const value = scoped.has(symbol) ? inScope(propertyName) : propertyName;
    return factory.createExpressionStatement(factory.createAssignment(inScope(name), value));
  });
}
