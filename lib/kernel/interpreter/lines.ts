import * as ts from '@tslab/typescript-for-tslab';
import { insertAll } from './insert';

/**
 * tslab compiles a cell without a source map. So that a traceback can name the cell's own lines,
 * comments with their numbers travel through the compiler in front of statements, and are taken
 * out of what it returns.
 */

/** A cell with marks in it. */
export interface Marked {
  readonly code: string;
  /** Whether it has a `for await` outside all functions, which tslab does not look for. */
  readonly loopsAsync: boolean;
  /** The offset in the cell of an offset in `code`. */
  original(offset: number): number;
}

/** Compiled code without the marks. */
export interface Unmarked {
  readonly code: string;
  /**
   * The cell's line, from 1, that a line and column (from 1) of `code` came from; undefined after
   * its end, where tslab's own wrapping is.
   */
  line(line: number, column: number): number | undefined;
}

/**
 * Marks the statements of a cell, and the parts of long ones that begin a line. `{ name }` becomes
 * `{ name: name }` on the way: tslab's own compiler loses the variable of an earlier cell there.
 *
 * @param nonce a word that the cell does not contain
 */
export function markLines(source: string, nonce: string): Marked {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, true);
  const inserts: [position: number, text: string][] = [];
  let loopsAsync = false;
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isForOfStatement(node) && node.awaitModifier && !inFunction) loopsAsync = true;
    const start = node.getStart(file);
    if (isStatement(node) || (isPart(node) && beginsLine(source, start))) {
      const line = file.getLineAndCharacterOfPosition(start).line + 1;
      inserts.push([start, `/*${nonce}:${line}*/`]);
    }
    if (ts.isShorthandPropertyAssignment(node)) inserts.push([start, `${node.name.text}: `]);
    const inside = inFunction || ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, false);
  inserts.sort(([a], [b]) => a - b);
  return {
    code: insertAll(source, [...inserts].reverse()),
    loopsAsync,
    original(offset) {
      let shift = 0;
      for (const [at, text] of inserts) {
        if (at + shift >= offset) break;
        shift += Math.min(text.length, offset - at - shift);
      }
      return offset - shift;
    },
  };
}

/** Takes the marks out again and keeps where they were. */
export function unmarkLines(compiled: string, nonce: string): Unmarked {
  const marks: { line: number; column: number; source: number }[] = [];
  const lines = compiled.trimEnd().split('\n');
  const { length } = lines;
  const code = lines
    .map((text, i) => {
      let removed = 0;
      return text.replace(new RegExp(`/\\*${nonce}:(\\d+)\\*/ ?`, 'g'), (mark, source, at) => {
        marks.push({ line: i + 1, column: at - removed + 1, source: Number(source) });
        removed += mark.length;
        return '';
      });
    })
    .join('\n');
  return {
    code,
    line(line, column) {
      if (line > length) return undefined;
      const before = marks.filter(
        (mark) => mark.line < line || (mark.line === line && mark.column <= column),
      );
      const last = before.at(-1) ?? marks[0];
      return last === undefined ? line : last.source + Math.max(0, line - last.line);
    },
  };
}

function isStatement(node: ts.Node): boolean {
  const { parent } = node;
  if (!parent || node.kind === ts.SyntaxKind.EndOfFileToken) return false;
  return (
    ts.isSourceFile(parent) ||
    ts.isBlock(parent) ||
    ts.isModuleBlock(parent) ||
    (ts.isCaseOrDefaultClause(parent) && !(ts.isCaseClause(parent) && parent.expression === node))
  );
}

/** Whether a node is a part of a statement that the compiler keeps the comments of. */
function isPart(node: ts.Node): boolean {
  const { parent } = node;
  if (!parent) return false;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    return parent.arguments?.some((argument) => argument === node) ?? false;
  }
  if (ts.isBinaryExpression(parent)) return parent.right === node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node;
  return ts.isArrayLiteralExpression(parent) || ts.isObjectLiteralExpression(parent);
}

function beginsLine(source: string, at: number): boolean {
  return /(^|\n)[ \t]*$/.test(source.slice(Math.max(0, at - 200), at));
}
