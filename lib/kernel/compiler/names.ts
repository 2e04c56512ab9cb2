import ts from 'typescript';
import type { Declared, Origin } from '../messages';

/** The names that a cell declares at its top level, `var` in blocks included. */
export function declaredNames(file: ts.SourceFile): Declared[] {
  const listed = new Set(file.statements.flatMap(exportedNames));
  return file.statements
    .flatMap(namesOf)
    .map((one) => (listed.has(one.name) ? { ...one, exported: true } : one));
}

/** What `export { a, b as c }` calls what it exports. */
function exportedNames(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || !statement.exportClause) return [];
  const { exportClause: clause } = statement;
  const all = ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name) : [clause.name];
  return all.map(({ text }) => text);
}

function namesOf(statement: ts.Statement): Declared[] {
  const origin = originOf(statement);
  const exported = isExported(statement);
  const ambient = isElsewhere(statement);
  return topLevelNames(statement).map(({ text: name }) => ({ name, origin, exported, ambient }));
}

function originOf(statement: ts.Statement): Origin {
  if (ts.isVariableStatement(statement)) {
    const { declarationList: list } = statement;
    return isConstant(list) || isUsing(list) ? 'const' : 'let';
  }
  if (ts.isFunctionDeclaration(statement)) return 'function';
  if (ts.isClassDeclaration(statement)) return 'class';
  if (ts.isEnumDeclaration(statement)) return 'enum';
  if (ts.isModuleDeclaration(statement)) return 'namespace';
  if (isType(statement)) return 'type';
  if (ts.isImportEqualsDeclaration(statement) || ts.isImportDeclaration(statement)) return 'import';
  if (ts.isExportDeclaration(statement)) return 'import';
  return 'let';
}

/** The identifiers by which a statement declares names of the top level. */
export function topLevelNames(statement: ts.Statement): ts.Identifier[] {
  if (ts.isVariableStatement(statement)) return boundNames(statement.declarationList);
  if (ts.isImportDeclaration(statement)) return importedNames(statement);
  if (ts.isExportDeclaration(statement)) return newNames(statement);
  if (ts.isModuleDeclaration(statement)) {
    return ts.isIdentifier(statement.name) && !isGlobal(statement) ? [statement.name] : [];
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement) ||
    isType(statement)
  ) {
    return statement.name ? [statement.name] : [];
  }
  return hoistedNames(statement);
}

/** The names of `let`, `const` and classes, which have no value before their declaration. */
export function lateNames(file: ts.SourceFile): string[] {
  const isLate = (statement: ts.Statement) =>
    !isElsewhere(statement) &&
    (ts.isClassDeclaration(statement) ||
      (ts.isVariableStatement(statement) && !isVar(statement.declarationList)));
  return file.statements
    .filter(isLate)
    .flatMap(topLevelNames)
    .map(({ text }) => text);
}

/** The identifiers that an import brings in. */
function importedNames({ importClause }: ts.ImportDeclaration): ts.Identifier[] {
  const { name, namedBindings } = importClause ?? {};
  const byDefault = name ? [name] : [];
  if (!namedBindings) return byDefault;
  if (ts.isNamespaceImport(namedBindings)) return [...byDefault, namedBindings.name];
  return [...byDefault, ...namedBindings.elements.map((element) => element.name)];
}

/** The names that an export alone makes: `f` of `export { g as f }`, all of `export { f } from 'm'`. */
function newNames({ exportClause, moduleSpecifier }: ts.ExportDeclaration): ts.Identifier[] {
  if (!exportClause) return [];
  const all = ts.isNamespaceExport(exportClause)
    ? [exportClause.name]
    : exportClause.elements
        .filter(({ propertyName }) => propertyName || moduleSpecifier)
        .map(({ name }) => name);
  return all.filter(ts.isIdentifier).filter(({ text }) => text !== 'default');
}

/** `var` of the cell's own scope in a statement that is no declaration. */
function hoistedNames(statement: ts.Statement): ts.Identifier[] {
  const names: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) names.push(...boundNames(node));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}

/** All names that a list of declarations binds. */
export function boundNames({ declarations }: ts.VariableDeclarationList): ts.Identifier[] {
  return declarations.flatMap(({ name }) => namesIn(name));
}

/** All names of a variable or pattern. */
export function namesIn(name: ts.BindingName): ts.Identifier[] {
  return ts.isIdentifier(name)
    ? [name]
    : name.elements.flatMap((part) => (ts.isBindingElement(part) ? namesIn(part.name) : []));
}

export const isVar = ({ flags }: ts.VariableDeclarationList) =>
  (flags & ts.NodeFlags.BlockScoped) === 0;
export const isConstant = ({ flags }: ts.VariableDeclarationList) =>
  (flags & ts.NodeFlags.Const) !== 0;
/** `using` and `await using`, whose flags contain those of `const` and `let`. */
export const isUsing = ({ flags }: ts.VariableDeclarationList) =>
  (flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;

/** `await using`. */
export const isAwaitUsing = ({ flags }: ts.VariableDeclarationList) =>
  (flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing;

/** `declare global`. */
const isGlobal = ({ flags }: ts.ModuleDeclaration) =>
  (flags & ts.NodeFlags.GlobalAugmentation) !== 0;

const isType = (
  statement: ts.Statement,
): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
  ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);

/** Whether a statement is gone at run time. */
export function isAmbient(statement: ts.Statement): boolean {
  return (
    isType(statement) ||
    hasModifier(statement, ts.SyntaxKind.DeclareKeyword) ||
    (ts.isModuleDeclaration(statement) && isGlobal(statement))
  );
}

/**
 * Whether a statement speaks of a global. `declare function` speaks of one that a later cell has, as
 * two functions need that call each other.
 */
export function isElsewhere(statement: ts.Statement): boolean {
  return isAmbient(statement) && !ts.isFunctionDeclaration(statement);
}

export function isExported(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}

/** Every name that a cell mentions, wherever. */
export function mentionedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}
