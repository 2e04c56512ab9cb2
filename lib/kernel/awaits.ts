import * as ts from '@tslab/typescript-for-tslab';

/** The global function that cells' awaits pass through. */
export const GUARD = '__pathlab_await__';

/** Sends every `await x` of a cell through the guard, where an interrupt can stop it. */
export function guardAwaits(code: string): string {
  const inserts: [position: number, text: string][] = [];
  const visit = (node: ts.Node) => {
    if (ts.isAwaitExpression(node)) {
      inserts.push([node.expression.getStart(), `${GUARD}((`], [node.expression.end, '))']);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('cell.js', code, ts.ScriptTarget.Latest, true));
  // From the end on, so that earlier positions stay true.
  return inserts
    .sort(([a], [b]) => b - a)
    .reduce((text, [at, insert]) => text.slice(0, at) + insert + text.slice(at), code);
}
