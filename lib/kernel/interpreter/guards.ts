import * as ts from '@tslab/typescript-for-tslab';
import { type Insert, insertAll } from './insert';

/** The global functions that a cell's code passes through where an interrupt can end it. */
export const AWAIT = '__pathlab_await__';
export const FOR_AWAIT = '__pathlab_for_await__';
export const STEP = '__pathlab_step__';

/**
 * What stands before and after each inserted text, so that it can be taken out again. The text of a
 * function may end within one: `() => (step(), 1)` ends at its parenthesis.
 */
const OPEN = '/*__pathlab+*/';
const CLOSE = '/*__pathlab-*/';
const INSERTED = /\/\*__pathlab\+\*\/.*?(?:\/\*__pathlab-\*\/|$)/g;

/**
 * Puts a cell's compiled code under guard: every `await x` and `for await (… of x)` goes through a
 * function, and every round of a loop and every call of a function begins with a call of one. An
 * interrupt then ends asynchronous work at its next await, and synchronous work at its next round
 * or call, a recursion and a callback of a library included.
 */
export function guard(code: string): string {
  const inserts: Insert[] = [];
  const around = (node: ts.Node, before: string, after: string) =>
    inserts.push([node.getStart(), marked(before)], [node.end, marked(after)]);
  const begin = (body: ts.Block) => inserts.push([body.getStart() + 1, marked(` ${STEP}();`)]);
  const visit = (node: ts.Node): void => {
    if (ts.isIterationStatement(node, false)) {
      if (ts.isBlock(node.statement)) begin(node.statement);
      else around(node.statement, `{ ${STEP}(); `, ' }');
    }
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      if (!ts.isBlock(node.body)) around(node.body, `(${STEP}(), `, ')');
      else if (!hasDirective(node.body)) begin(node.body);
    }
    if (ts.isAwaitExpression(node)) around(node.expression, `${AWAIT}((`, '))');
    if (ts.isForOfStatement(node) && node.awaitModifier) {
      around(node.expression, `${FOR_AWAIT}((`, '))');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('cell.js', code, ts.ScriptTarget.Latest, true));
  return insertAll(code, inserts);
}

/** 'use strict' counts only as the first statement. */
function hasDirective({ statements: [first] }: ts.Block): boolean {
  return (
    first !== undefined && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression)
  );
}

function marked(text: string): string {
  return `${OPEN}${text}${CLOSE}`;
}

/** Guarded code, or a part of it, as it was before. */
export function unguarded(code: string): string {
  return code.replaceAll(INSERTED, '');
}

/**
 * Lets functions give their text without the guards: a student reads the code of a cell's function,
 * and what is made from that text runs also where there are no guards, as in a worker thread.
 */
export function hideGuards(): void {
  Function.prototype.toString = new Proxy(Function.prototype.toString, {
    apply: (original, self, rest) => unguarded(Reflect.apply(original, self, rest)),
  });
}
