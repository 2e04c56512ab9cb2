import ts from 'typescript';
import { isConstant } from './names';

/** The constants that are a literal and say no type, each with the literal. */
export function literalsIn(
  file: ts.SourceFile,
  enums: ReadonlyMap<string, string>,
): Map<string, string> {
  const lists = file.statements.flatMap((one) =>
    ts.isVariableStatement(one) && isConstant(one.declarationList) ? one.declarationList : [],
  );
  const found = lists
    .flatMap(({ declarations }) => [...declarations])
    .flatMap(({ name, type, initializer }) => {
      const literal = initializer && !type ? literalOf(initializer, enums) : undefined;
      return ts.isIdentifier(name) && literal !== undefined ? [[name.text, literal] as const] : [];
    });
  return new Map(found);
}

/**
 * What declarations call an enum, of the cell's own or of an earlier one, with its name elsewhere.
 * Nothing but an enum stands before a point there.
 */
export function enumsIn(file: ts.SourceFile, space: string): Map<string, string> {
  const enums = new Map<string, string>();
  for (const one of file.statements) {
    if (ts.isEnumDeclaration(one)) enums.set(one.name.text, `${space}.${one.name.text}`);
    if (ts.isImportEqualsDeclaration(one)) enums.set(one.name.text, one.moduleReference.getText());
  }
  return enums;
}

/** A literal, or a member of an enum, as an ambient constant can have it. */
function literalOf(node: ts.Expression, enums: ReadonlyMap<string, string>): string | undefined {
  if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const inner = literalOf(node.operand, enums);
    return inner === undefined ? undefined : `-${inner}`;
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const members = enums.get(node.expression.text);
    return members === undefined ? undefined : `${members}.${node.name.text}`;
  }
  const isPlain =
    ts.isNumericLiteral(node) ||
    ts.isBigIntLiteral(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword;
  return isPlain ? node.getText() : undefined;
}
