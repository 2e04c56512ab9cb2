import ts from 'typescript';
import { topLevelNames } from './names';

/**
 * Declarations as the namespace `space` has them, types of packages by way of `packageSpace`; undefined where
 * they have imports of their own, or declare something global.
 */
export function namespaceBody(
  file: ts.SourceFile,
  space: string,
  packageSpace: (specifier: string) => string,
): string | undefined {
  const { text } = file;
  const pieces: string[] = [];
  let at = 0;
  const leaveOut = (from: number, to: number, instead = '') => {
    pieces.push(text.slice(at, from), instead);
    at = to;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) {
        const begin = text.indexOf('import', node.getStart());
        leaveOut(begin, text.indexOf(')', literal.end) + 1, packageSpace(literal.text));
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) return undefined;
    if (
      ts.isImportEqualsDeclaration(statement) &&
      ts.isExternalModuleReference(statement.moduleReference)
    ) {
      return undefined;
    }
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) return undefined;
    if (ts.isModuleDeclaration(statement) && !ts.isIdentifier(statement.name)) return undefined;
    if (ts.isModuleDeclaration(statement) && statement.name.text === 'global') return undefined;
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) {
      leaveOut(statement.getFullStart(), statement.end, aliases(statement, space));
    } else visit(statement);
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/** `export { g as f }` as a namespace has it. */
function aliases(statement: ts.ExportDeclaration | ts.ExportAssignment, space: string): string {
  if (ts.isExportAssignment(statement)) return '';
  const named = new Set(topLevelNames(statement).map(({ text }) => text));
  return statement.exportClause && ts.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements
        .filter(({ name }) => named.has(name.text))
        .map(
          ({ name, propertyName }) =>
            `\nexport import ${name.text} = ${space}.${propertyName?.text};`,
        )
        .join('')
    : '';
}
