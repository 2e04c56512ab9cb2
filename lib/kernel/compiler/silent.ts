import ts from 'typescript';

const { SyntaxKind } = ts;

/** Keywords of which TypeScript has nothing to tell, wherever they stand. */
const SILENT: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[SyntaxKind.ConstKeyword, SyntaxKind.LetKeyword, SyntaxKind.VarKeyword],
  ...[SyntaxKind.IfKeyword, SyntaxKind.ElseKeyword, SyntaxKind.ReturnKeyword],
  ...[SyntaxKind.ForKeyword, SyntaxKind.OfKeyword, SyntaxKind.WhileKeyword, SyntaxKind.DoKeyword],
  ...[SyntaxKind.BreakKeyword, SyntaxKind.ContinueKeyword, SyntaxKind.SwitchKeyword],
  ...[SyntaxKind.ThrowKeyword, SyntaxKind.TryKeyword, SyntaxKind.FinallyKeyword],
  ...[SyntaxKind.AwaitKeyword, SyntaxKind.FromKeyword],
]);

/**
 * Whether there is nothing to tell of a place in a cell, which its syntax alone says: it is at a
 * keyword, or between two statements. Most questions of this kind come from where one has just begun.
 */
export function isSilent(file: ts.SourceFile, place: number): boolean {
  return touching(file, place, file).every(
    ({ kind, parent }) =>
      SILENT.has(kind) || (kind === SyntaxKind.ImportKeyword && ts.isImportDeclaration(parent)),
  );
}

/** The smallest parts of a text that a place is in, or at whose end it is. */
function touching(node: ts.Node, place: number, file: ts.SourceFile): ts.Node[] {
  const parts = node
    .getChildren(file)
    .filter((part) => part.getStart(file, true) <= place && place <= part.end);
  // White space and comments between statements belong to nothing else.
  if (parts.length === 0) return ts.isSourceFile(node) || isOfFile(node) ? [] : [node];
  return parts.flatMap((part) => touching(part, place, file));
}

const isOfFile = ({ kind, parent }: ts.Node) =>
  kind === SyntaxKind.SyntaxList && ts.isSourceFile(parent);
