import { createHash } from 'node:crypto';
import type TypeScript from 'typescript-api';
import { InputError } from '../errors';
import { asJson, type Callable, isPlain, type Json } from '../settings';
import { runningKernel } from './runningKernel';

/** Loaded when first needed: it takes longer than all of lib. In the kernel it is there already. */
let ts: typeof TypeScript;

/**
 * What a notebook's function depends on, as far as its text tells: the notebook's variables and
 * functions that it mentions, those that these mention, and so on, each with its value or text, a
 * long one as its hash. Of `settings.rate` only that part counts. Not known are what a closure was made
 * with, what a library does, what a file or an object of a class holds, and chance.
 */
export function mentions(
  f: Callable,
  variables = runningKernel()?.variables() ?? {},
): Record<string, Json> {
  const found = new Map<string, Json>();
  const imported = importedValues();
  const isImported = (value: unknown) =>
    imported.has(value) || (isPlain(value) && imported.has(value.default));

  const visit = (of: Callable): void => {
    const text = String(of);
    if (!text.endsWith('{ [native code] }')) freeNames(text).forEach(follow);
  };
  const follow = ([name, ...path]: readonly string[]): void => {
    let key = name!;
    if (!Object.hasOwn(variables, key)) return;
    let value = variables[key];
    if (isImported(value)) return;
    for (const step of path) {
      if (!isPlain(value) || !Object.hasOwn(value, step)) break;
      key += `.${step}`;
      value = value[step];
    }
    if (value === f || found.has(key)) return;
    found.set(key, shortened(asJsonIfPossible(value)));
    const parts = isPlain(value) ? Object.values(value) : [value, value?.constructor];
    for (const part of parts) if (isCallable(part) && !isImported(part)) visit(part);
  };
  visit(f);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** Everything that loaded modules offer: libraries, which change only with the lab. */
function importedValues(): Set<unknown> {
  const modules = Object.values(require.cache).map((module) => module?.exports as unknown);
  const references = [...modules, ...modules.flatMap(valuesIn)].filter(
    (value) => isCallable(value) || (typeof value === 'object' && value !== null),
  );
  return new Set(references);
}

function valuesIn(exports: unknown): unknown[] {
  try {
    return isCallable(exports) || typeof exports === 'object' ? Object.values(exports ?? {}) : [];
  } catch {
    return [];
  }
}

const HASH_LETTERS = 24;

function shortened(json: Json): Json {
  const text = JSON.stringify(json);
  if (text.length < HASH_LETTERS) return json;
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LETTERS);
}

/** Of a value that cannot be compared its class alone. */
function asJsonIfPossible(value: unknown): Json {
  try {
    return asJson('', value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { $class: String((value as object).constructor?.name) };
  }
}

/**
 * The names in a function's text that it does not declare itself, each with the properties that
 * follow it: `settings.a.b` is ['settings', 'a', 'b'], and so is tslab's `exports.settings.a.b`.
 */
export function freeNames(text: string): string[][] {
  ts ??= require('typescript-api') as typeof TypeScript;
  const file = parse(text);
  const declared = new Set<string>();
  const used: TypeScript.Identifier[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) {
      if (isDeclared(node)) declared.add(node.text);
      else if (!isMemberName(node)) used.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return used
    .map(pathFrom)
    .filter(([name]) => name !== undefined && !declared.has(name))
    .map((path) => (path[0] === 'exports' ? path.slice(1) : path))
    .filter((path) => path.length > 0);
}

/** A method stands by itself only in an object. */
function parse(text: string): TypeScript.SourceFile {
  const read = (code: string) =>
    ts.createSourceFile('f.js', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const file = read(`(${text})`);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly unknown[] };
  return parseDiagnostics.length === 0 ? file : read(`({ ${text} })`);
}

function isDeclared(node: TypeScript.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isFunctionExpression(parent) ||
      ts.isClassLike(parent)) &&
    parent.name === node
  );
}

/** Whether it names a part of something, `x.name`, `{ name: x }` or a method, or a label. */
function isMemberName(node: TypeScript.Identifier): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isObjectLiteralElement(parent) || ts.isClassElement(parent)) return parent.name === node;
  return ts.isBreakOrContinueStatement(parent) || ts.isLabeledStatement(parent);
}

function pathFrom(node: TypeScript.Identifier): string[] {
  const path = [node.text];
  let at: TypeScript.Node = node;
  while (ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at) {
    at = at.parent;
    path.push((at as TypeScript.PropertyAccessExpression).name.text);
  }
  return path;
}
