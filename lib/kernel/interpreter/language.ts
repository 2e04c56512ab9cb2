import * as ts from '@tslab/typescript-for-tslab';
import { isCompleteCode } from 'tslab/dist/converter';
import type { Executor } from 'tslab/dist/executor';
import type { Answer } from '../messages';

/** What the editor asks about code that is not run: is it whole, what may come next, what is this. */

/** The kinds of TypeScript's completions by the names that JupyterLab has icons for. */
const KINDS: Readonly<Record<string, string>> = {
  const: 'constant',
  let: 'variable',
  var: 'variable',
  'local var': 'variable',
  parameter: 'variable',
  function: 'function',
  'local function': 'function',
  method: 'method',
  property: 'property',
  getter: 'property',
  setter: 'property',
  class: 'class',
  interface: 'interface',
  type: 'type',
  enum: 'enum',
  'enum member': 'enum member',
  module: 'module',
  alias: 'variable',
  keyword: 'keyword',
};

/** Completions up to this many are told with their types, which takes about 10 ms each. */
const FEW = 10;

/** Texts that TypeScript finds open at their end, by the numbers of its messages. */
const UNTERMINATED = new Set([1010, 1126, 1160, 1161]);

/** Whether a front end should run the code or let the user write on. */
export function isComplete(code: string): Answer {
  const { completed, indent = '' } = isCompleteCode(code);
  if (!completed) return { status: 'incomplete', indent };
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] };
  if (parseDiagnostics.length === 0) return { status: 'complete' };
  const open = parseDiagnostics.some((found) => UNTERMINATED.has(found.code));
  return open ? { status: 'incomplete', indent: '' } : { status: 'invalid' };
}

/**
 * The names that may stand at the cursor, the likeliest first, each with what it is and, where
 * they are few, its type.
 */
export function complete(executor: Executor, code: string, cursor: number): Answer {
  const { start, end, candidates, original } = executor.complete(code, toIndex(code, cursor));
  const kinds = new Map(original?.entries.map(({ name, kind }) => [name, String(kind)]));
  const [from, to] = [toCursor(code, start), toCursor(code, end)];
  const signatureOf = (text: string) => {
    const whole = `${code.slice(0, start)}${text}${code.slice(end)}`;
    return signature(executor.inspect(whole, start)).replaceAll(/\s+/g, ' ');
  };
  const types = candidates.map((text) => {
    const kind = kinds.get(text) ?? '';
    const type = KINDS[kind] ?? kind;
    const known = candidates.length <= FEW ? { signature: signatureOf(text) } : {};
    return { text, start: from, end: to, type, ...known };
  });
  return {
    status: 'ok',
    matches: candidates,
    cursor_start: from,
    cursor_end: to,
    metadata: { _jupyter_types_experimental: types },
  };
}

/**
 * The type and the documentation of the name at the cursor or just before it, else of the function
 * whose arguments the cursor is in.
 */
export function inspectCode(executor: Executor, code: string, cursor: number): Answer {
  const at = toIndex(code, cursor);
  const places = [at, at - 1, calleeEnd(code, at)].filter((place) => place >= 0);
  for (const place of places) {
    const info = executor.inspect(code, place);
    if (info?.displayParts?.length) {
      return { status: 'ok', found: true, data: quickInfo(info), metadata: {} };
    }
  }
  return { status: 'ok', found: false, data: {}, metadata: {} };
}

function quickInfo(info: ts.QuickInfo) {
  const type = signature(info);
  const documentation = join(info.documentation);
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: join(text) }));
  const plain = tags.map(({ name, text }) => `@${name} ${text}`.trimEnd()).join('\n');
  const marked = tags.map(({ name, text }) => `*${name}* ${text}`.trimEnd()).join('\n\n');
  const paragraphs = (...texts: string[]) => texts.filter((text) => text !== '').join('\n\n');
  return {
    'text/plain': paragraphs(type, documentation, plain),
    'text/markdown': paragraphs(`\`\`\`typescript\n${type}\n\`\`\``, documentation, marked),
  };
}

/** The type of a name, without what TypeScript says of the import it came by. */
function signature(info: ts.QuickInfo | undefined): string {
  return join(info?.displayParts)
    .replace(/^\(alias\) /, '')
    .replace(/(?<=.)\nimport .*$/s, '');
}

function join(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return (parts ?? []).map(({ text }) => text).join('');
}

/** Where the name of the innermost call around a position ends; −1 for none. */
function calleeEnd(code: string, at: number): number {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
  let end = -1;
  const visit = (node: ts.Node): void => {
    if (node.pos > at || node.end < at) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.expression.end < at) {
      end = node.expression.end - 1;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return end;
}

/** The protocol counts Unicode characters, JavaScript UTF-16 units. */
function toIndex(code: string, cursor: number): number {
  return [...code].slice(0, cursor).join('').length;
}

function toCursor(code: string, index: number): number {
  return [...code.slice(0, index)].length;
}
