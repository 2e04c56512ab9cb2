import { createHash } from 'node:crypto';
import { types } from 'node:util';
import type TypeScript from 'typescript';
import { InputError } from '../errors';
import { asJson, type Callable, isPlain, type Json } from '../settings';
import { runningKernel } from './runningKernel';

/** Loaded when first needed: it takes longer than all of lib. */
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
  findImported();

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
    for (const part of callablesIn(value)) visit(part);
  };
  visit(f);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** The functions in lists, maps, sets and plain objects, and the classes of what is in them. */
function callablesIn(value: unknown, seen = new Set<unknown>()): Callable[] {
  if (!isReference(value) || seen.has(value) || isImported(value)) return [];
  seen.add(value);
  return isCallable(value) ? [value] : partsOf(value).flatMap((part) => callablesIn(part, seen));
}

function partsOf(value: object): unknown[] {
  if (isPlain(value)) return Object.values(value);
  if (Array.isArray(value)) return value;
  if (types.isMap(value)) return [...value].flat();
  return types.isSet(value) ? [...value] : [value.constructor];
}

/** What loaded modules offer: libraries, which change only with the lab. */
const imported = new WeakSet<object>();
/** Modules whose offer is among it: to go through all of them takes ten milliseconds and more. */
const searchedModules = new WeakSet<NodeModule>();

function findImported(): void {
  for (const module of Object.values(require.cache)) {
    if (module === undefined || searchedModules.has(module)) continue;
    if (module.loaded) searchedModules.add(module);
    const offer = module.exports as unknown;
    for (const value of [offer, ...valuesIn(offer)]) {
      if (isReference(value)) imported.add(value);
    }
  }
}

function isImported(value: unknown): boolean {
  const isOffered = (one: unknown) => isReference(one) && imported.has(one);
  return isOffered(value) || (isPlain(value) && isOffered(value.default));
}

function isReference(value: unknown): value is object {
  return isCallable(value) || (typeof value === 'object' && value !== null);
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
export function freeNames(text: string): readonly (readonly string[])[] {
  const known = searched.get(text);
  if (known) return known;
  const names = search(text);
  searched.set(text, names);
  return names;
}

/** A cell's functions are asked about at each result that is kept. */
const searched = new Map<string, readonly (readonly string[])[]>();

function search(text: string): string[][] {
  ts ??= require('typescript') as typeof TypeScript;
  const file = parse(text);
  const declared = new Map<TypeScript.Node, Set<string>>();
  const used: TypeScript.Identifier[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node)) {
      if (isDeclared(node)) {
        const scope = scopeOf(node);
        declared.set(scope, (declared.get(scope) ?? new Set()).add(node.text));
      } else if (!isMemberName(node)) used.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const isFree = (name: TypeScript.Identifier) => {
    for (let at: TypeScript.Node = name; at !== file; at = at.parent) {
      if (declared.get(at)?.has(name.text)) return false;
    }
    return !declared.get(file)?.has(name.text);
  };
  return used
    .filter(isFree)
    .map(pathFrom)
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

/** The part of the text in which a name that is declared there stands for what it declares. */
function scopeOf(name: TypeScript.Identifier): TypeScript.Node {
  let declaration: TypeScript.Node = name.parent;
  while (ts.isBindingElement(declaration)) declaration = declaration.parent.parent;
  if (ts.isFunctionExpression(declaration) || ts.isClassExpression(declaration)) return declaration;
  const isVar =
    ts.isVariableDeclaration(declaration) &&
    ts.isVariableDeclarationList(declaration.parent) &&
    (declaration.parent.flags & ts.NodeFlags.BlockScoped) === 0;
  let scope = declaration.parent;
  while (!isScope(scope, isVar)) scope = scope.parent;
  return scope;
}

function isScope(node: TypeScript.Node, ofVar: boolean): boolean {
  if (ts.isFunctionLike(node) || ts.isSourceFile(node) || ts.isClassStaticBlockDeclaration(node)) {
    return true;
  }
  return (
    !ofVar &&
    (ts.isBlock(node) ||
      ts.isCaseBlock(node) ||
      ts.isCatchClause(node) ||
      ts.isForStatement(node) ||
      ts.isForInStatement(node) ||
      ts.isForOfStatement(node))
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
