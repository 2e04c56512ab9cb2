import ts from 'typescript';
import type { Answer, Complaint, LeftOut } from '../messages';
import { asMeant } from './before';
import type { Compiler } from './compile';
import { syntaxOf } from './diagnostics';
import { foreign } from './foreign';
import { plainNames } from './plainNames';
import { asModule, isNodeLeftOut, TARGET } from './program';
import { isSilent } from './silent';

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

/** A string in quotes cannot go on on the next line. */
const OPEN_STRING = 1002;

/** Whether a front end should run the code or let the user write on. */
export function isComplete(code: string): Answer {
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest, true);
  const wrong = syntaxOf(asMeant(file, () => false).text);
  const end = code.trimEnd().length;
  const isOpen = ({ code: number = 0, start }: Complaint) =>
    number !== OPEN_STRING && (start >= end || UNTERMINATED.has(number));
  if (wrong.length === 0 || foreign(code, wrong)) return { status: 'complete' };
  if (!wrong.every(isOpen)) return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

/** The last line's indent, and one step more behind an open bracket. */
function indentAfter(code: string): string {
  const last = code.trimEnd().split('\n').at(-1) ?? '';
  const indent = /^\s*/.exec(last)![0];
  return /[{([]$/.test(last) ? `${indent}  ` : indent;
}

/**
 * The names that may stand at the cursor, the likeliest first, each with what it is and, where
 * they are few, its type.
 */
export function complete(compiler: Compiler, code: string, cursor: number): Answer {
  const at = toIndex(code, cursor);
  const begun = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, at))![0];
  // Earlier cells' names are in a cell only where it mentions them, and this one is not whole yet.
  const earlier = begun === '' ? [] : compiler.names().filter((name) => startsLike(name, begun));
  // Of many, no types are told, which take most of the time.
  const isMany = earlier.length > FEW;
  const [also, offered] = isMany ? [[], earlier] : [earlier, []];
  const { service, path } = compiler.edit(code, also, offered);
  const found = service.getCompletionsAtPosition(path, at, {
    includeCompletionsWithInsertText: false,
  });
  // The name of a module is no word.
  const ofModule = found?.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
  const { start, end } = wordAt(code, at, found?.optionalReplacementSpan ?? ofModule);
  const entries = likeliest(found?.entries ?? [], code.slice(start, at));
  const matches = entries.map(({ name }) => name);
  const isTold = entries.length <= FEW;
  // Few of the many can stand there: types, say.
  if (isMany && isTold) compiler.edit(code, matches);
  const place = { start: toCursor(code, start), end: toCursor(code, end) };
  const types = entries.map((entry) => ({
    text: entry.name,
    ...place,
    type: KINDS[entry.kind] ?? entry.kind,
    ...(isTold && { signature: typeOf(service, path, at, entry) }),
  }));
  return {
    status: 'ok',
    matches,
    cursor_start: place.start,
    cursor_end: place.end,
    metadata: { _jupyter_types_experimental: types },
  };
}

/** Those that go on from a word, written as it is first. */
function likeliest(entries: readonly ts.CompletionEntry[], word: string): ts.CompletionEntry[] {
  return entries
    .filter(({ name }) => startsLike(name, word))
    .sort(
      (a, b) =>
        Number(b.name.startsWith(word)) - Number(a.name.startsWith(word)) ||
        (a.sortText < b.sortText ? -1 : a.sortText > b.sortText ? 1 : 0) ||
        (a.name < b.name ? -1 : 1),
    );
}

/** The type of what may stand at a position. */
function typeOf(
  service: ts.LanguageService,
  path: string,
  at: number,
  { name, source, data }: ts.CompletionEntry,
): string {
  const details = service.getCompletionEntryDetails(
    path,
    at,
    name,
    undefined,
    source,
    undefined,
    data,
  );
  return withoutImport(join(details?.displayParts)).replaceAll(/\s+/g, ' ');
}

/** The word at a position, which a completion takes the place of. */
function wordAt(code: string, at: number, span: ts.TextSpan | undefined) {
  if (span) return { start: span.start, end: span.start + span.length };
  const before = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, at))![0];
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(at))![0];
  return { start: at - before.length, end: at + after.length };
}

function startsLike(name: string, word: string): boolean {
  return name.toLowerCase().startsWith(word.toLowerCase());
}

/**
 * The type and the documentation of the name at the cursor or just before it, else of the function
 * whose arguments the cursor is in.
 */
export function inspectCode(compiler: Compiler, code: string, cursor: number): Answer | LeftOut {
  const at = toIndex(code, cursor);
  const how = { languageVersion: TARGET, setExternalModuleIndicator: asModule };
  const file = ts.createSourceFile('cell.ts', code, how, true);
  const places = [at, at - 1, calleeEnd(file, at)].filter(
    (place) => place >= 0 && place < code.length && !isSilent(file, place),
  );
  if (places.length === 0) return NOTHING;
  if (isNodeLeftOut()) return { needsAll: true };
  const { service, path } = compiler.edit(code);
  for (const place of places) {
    const info = service.getQuickInfoAtPosition(path, place);
    // Of a name that nobody has declared, TypeScript says that it is any.
    const isUnknown = info?.kind === ts.ScriptElementKind.unknown && signature(info) === 'any';
    if (info?.displayParts?.length && !isUnknown) {
      return { status: 'ok', found: true, data: quickInfo(info), metadata: {} };
    }
  }
  return NOTHING;
}

const NOTHING: Answer = { status: 'ok', found: false, data: {}, metadata: {} };

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
function signature(info: ts.QuickInfo): string {
  return withoutImport(join(info.displayParts));
}

function withoutImport(text: string): string {
  return plainNames(text)
    .replace(/^\(alias\) /, '')
    .replace(/(?<=.)\nimport .*$/s, '');
}

function join(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return (parts ?? []).map(({ text }) => text).join('');
}

/** Where the name of the innermost call around a position ends; −1 for none. */
function calleeEnd(file: ts.SourceFile, at: number): number {
  const before = file.text.slice(0, at).trimEnd();
  // A call that is open ends with its last argument, or with the comma behind it.
  const place = before.endsWith(')') ? at : before.length;
  let end = -1;
  const visit = (node: ts.Node): void => {
    if (node.pos > place || node.end < place) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.expression.end < place) {
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
