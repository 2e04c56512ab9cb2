import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  constants as access,
  accessSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { LIBS } from './compiler/libs';
import { once } from './compiler/once';
import { stampOf } from './stamp';

/**
 * Snapshots of the compiler's heap, from which its process starts in a fraction of the time. One has
 * the declarations of the language and little else, one those of Node and of packages as well. Each
 * is for one version of Node on one kind of machine, and lies beside the compiled files.
 */

/** What a snapshot has beside the language: nothing, or `node` and packages, if there are any. */
export type Contents = readonly string[];

const compiler = join(__dirname, 'compiler');
const ENDING = '.blob';
/** What is being made ends so. */
const PARTIAL = '.partial';
/** After this time, in milliseconds, one that is not complete was given up. */
const GIVEN_UP_MS = 120_000;

/**
 * Node's options for a process that starts from a snapshot, which is made with the same. Of a large
 * heap, 110 MB are in use all the time, and each cell leaves less than one that is not: it is let grow
 * to the first size, in megabytes, before it is searched, and by a fifth of what is in use after that.
 * V8 alone would let it grow to four times that. Node 20's optimizes so eagerly that a notebook's
 * cells take a fifth more of the processor.
 */
function optionsFor(contents: Contents): readonly string[] {
  if (contents.length === 0) return [];
  const heap = ['--initial-heap-size=160', '--heap-growing-percent=20', '--max-semi-space-size=8'];
  return process.version.startsWith('v20.') ? [...heap, '--interrupt-budget=300000'] : heap;
}

/** What the compiler is made of, as a hash. */
const ofCompiler = once(() => {
  const hash = createHash('sha256');
  const files = readdirSync(compiler).filter((name) => name.endsWith('.js'));
  const paths = [...files.map((name) => join(compiler, name)), join(__dirname, 'given.js')];
  for (const name of ['typescript', '@types/node']) {
    paths.push(require.resolve(`${name}/package.json`));
  }
  for (const path of paths.sort()) hash.update(`${path}\n`).update(readFileSync(path));
  return hash.digest('hex');
});

/** The path of a snapshot, named after what goes into it; `own` is what all its like begin with. */
function placeOf(contents: Contents): { readonly path: string; readonly own: string } {
  const kind = ['language', 'node', 'packages'][Math.min(contents.length, 2)];
  const own = `compiler-${kind}-${process.version}-${process.arch}-`;
  const hash = createHash('sha256').update(ofCompiler());
  hash.update([...optionsFor(contents), ...contents].join('\n'));
  return { path: join(__dirname, `${own}${hash.digest('hex').slice(0, 16)}${ENDING}`), own };
}

/** What changes when a file does that a snapshot holds; what was compiled anew may be the same. */
function fingerprint(path: string): string {
  if (path.includes('/node_modules/')) return stampOf(path);
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'none';
}

/** The path of a snapshot; undefined while there is none that holds. */
export function snapshotPath(contents: Contents): string | undefined {
  const { path } = placeOf(contents);
  if (!existsSync(path)) return undefined;
  try {
    const files = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Record<string, string>;
    const isSame = Object.entries(files).every(([file, print]) => fingerprint(file) === print);
    return isSame ? path : undefined;
  } catch {
    // Another process takes it away just now, or it was never written whole.
    return undefined;
  }
}

/** Takes away a snapshot that Node cannot start from, so that it is made anew. */
export function discard(contents: Contents): void {
  try {
    rmSync(placeOf(contents).path, { force: true });
  } catch {
    // Where nothing can be written, nothing is made anew either.
  }
}

/** What Node is given to start from a snapshot; undefined while there is none that holds. */
export function fromSnapshot(contents: Contents): readonly string[] | undefined {
  const path = snapshotPath(contents);
  return path === undefined ? undefined : [...optionsFor(contents), '--snapshot-blob', path];
}

/**
 * Has all that are missing made in the background, which takes some seconds; nothing comes of it
 * where they cannot be written, as in a sandbox.
 */
export function haveSnapshotsMade(packages: readonly string[]): void {
  try {
    accessSync(__dirname, access.W_OK);
  } catch {
    return;
  }
  const program = [__filename, ...packages];
  const child = spawn(process.execPath, program, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined).unref();
  try {
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Where that is not allowed, it takes the time it takes.
  }
}

/** Makes all that are missing. @throws Error where Node fails at it, or they cannot be written */
export function makeSnapshots(packages: readonly string[]): void {
  make([]);
  make(['node', ...packages]);
}

/** Makes a snapshot, unless it is there or another process is at it. */
function make(contents: Contents): void {
  const { path, own } = placeOf(contents);
  const begun = `${path}${PARTIAL}`;
  if (snapshotPath(contents) !== undefined || !isFirst(begun)) return;
  // Of this process alone: another may think that it was given up.
  const blob = `${path}.${process.pid}${PARTIAL}`;
  try {
    const prints = written(contents, blob);
    for (const name of readdirSync(__dirname)) {
      const old = join(__dirname, name);
      const isLeft = name.endsWith(PARTIAL) ? isGivenUp(old) : true;
      if (name.startsWith(own) && isLeft) rmSync(old, { force: true });
    }
    writeFileSync(`${path}.json`, JSON.stringify(prints));
    renameSync(blob, path);
  } finally {
    rmSync(blob, { force: true });
    rmSync(begun, { force: true });
  }
}

/** Whether no other process has begun that is still at it, so that this one has. */
function isFirst(begun: string): boolean {
  if (isGivenUp(begun) || hasEnded(begun)) rmSync(begun, { force: true });
  try {
    writeFileSync(begun, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isGivenUp(path: string): boolean {
  const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return since !== undefined && Date.now() - since > GIVEN_UP_MS;
}

/** Whether the process that has begun was killed, say. One with nothing in it yet has just begun. */
function hasEnded(begun: string): boolean {
  try {
    const pid = Number(readFileSync(begun, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Writes a snapshot; gives the fingerprints of the files that are in it. */
function written(contents: Contents, blob: string): Readonly<Record<string, string>> {
  // Node runs it as a script, which has no exports.
  const entry = `${blob.slice(0, -PARTIAL.length)}.js${PARTIAL}`;
  const code = readFileSync(join(compiler, 'snapshotEntry.js'), 'utf8');
  writeFileSync(entry, `const exports = {};\n${code}`);
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[...optionsFor(contents), '--snapshot-blob', blob, '--build-snapshot', entry],
      ...[join(compiler, 'serve.js'), require.resolve('typescript'), LIBS.join(), ...contents],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', env },
  );
  rmSync(entry);
  if (status !== 0) throw new Error(`node --build-snapshot failed:\n${stderr}`);
  const files = JSON.parse(stdout) as string[];
  return Object.fromEntries(files.map((file) => [file, fingerprint(file)]));
}

if (require.main === module) makeSnapshots(process.argv.slice(2));
