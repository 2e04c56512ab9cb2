import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { COMPLETE, KERNEL_MADE } from '../build';
import { runCommand } from '../command';
import { STAMP, sourcesStamp } from '../engine/native/stamp';
import { InputError } from '../errors';
import { makeFolder } from '../files';
import { TEMPLATE } from '../page/template';
import { projectRoot } from '../root';
import { bundlePage } from './bundlePage';

/**
 * What `npm run build` and `ensureBuild` run, under their lock: compiles the kernel, then lib: its
 * JavaScript, the WebAssembly kernels, danfo for who installs pathlab without it, and the live page. Lib is made in a
 * folder of its own, which takes the place of lib/dist only once all of it is there. It begins as a
 * copy of lib/dist, of which each part that was made of the same files stays.
 */

const lib = join(projectRoot, 'lib');
const kernel = join(lib, 'kernel');
const dist = join(lib, 'dist');
const made = `${dist}.new`;
const before = `${dist}.old`;
const assembly = join(lib, 'engine', 'native', 'assembly');
const request = join(lib, 'standins', 'request', 'index.js');
const packageFile = (path: string) => join(projectRoot, 'node_modules', path);
const tsc = packageFile('typescript/bin/tsc');

/** What every part depends on: how it is made, and by which packages. */
const ground = [
  __filename,
  ...['package-lock.json', 'tsconfig.json'].map((name) => join(projectRoot, name)),
  join(lib, 'tsconfig.json'),
];
/** TypeScript's note of what it has compiled, of what; it compiles what differs. */
const COMPILED = 'lib.tsbuildinfo';
const KERNEL_COMPILED = 'tsconfig.tsbuildinfo';
const KERNELS = join('engine', 'native', 'kernels.wasm');
const DANFO = join('tables', 'danfo.js');

async function compile(): Promise<number> {
  for (const folder of [made, before]) rmSync(folder, { recursive: true, force: true });
  const ofKernel = join(kernel, 'dist');
  const compiled = compiledBefore(join(ofKernel, KERNEL_COMPILED));
  const kernelPart = {
    note: KERNEL_MADE,
    files: sourcesIn(kernel),
    outputs: [KERNEL_COMPILED, ...compiled],
  };
  await part(ofKernel, kernelPart, () => compileFolder(kernel, ofKernel, KERNEL_COMPILED, []));
  if (isMadeOf(join(dist, 'lib.made'), ground) && existsSync(join(dist, COMPLETE))) {
    const filter = (path: string) => basename(path) !== COMPLETE;
    cpSync(dist, made, { recursive: true, preserveTimestamps: true, filter });
  }
  const stamp = sourcesStamp()!;
  const incremental = ['--incremental', '--tsBuildInfoFile', join(made, COMPILED)];
  compileFolder(lib, made, COMPILED, ['--outDir', made, ...incremental]);
  await part(made, { note: 'lib.made', files: [], outputs: [] }, () => undefined);
  const kernels = { note: 'kernels.made', files: sourcesIn(assembly), outputs: [KERNELS] };
  await part(made, kernels, compileKernels);
  writeFileSync(join(made, 'engine', 'native', STAMP), stamp);
  await part(made, { note: 'danfo.made', files: [request], outputs: [DANFO] }, bundleDanfo);
  makeFolder(join(made, dirname(TEMPLATE)));
  writeFileSync(join(made, TEMPLATE), await bundlePage());
  if (existsSync(dist)) renameSync(dist, before);
  renameSync(made, dist);
  rmSync(before, { recursive: true, force: true });
  node(join(dist, 'notebook', 'kernelSnapshots.js'));
  return 0;
}

interface Part {
  /** The file that says of what it was made. */
  readonly note: string;
  /** What it is made of, beside the ground. */
  readonly files: readonly string[];
  /** What must be there. */
  readonly outputs: readonly string[];
}

/** Makes a part in a folder, unless it is there and its note says that it was made of the same. */
async function part(
  folder: string,
  { note: name, files: own, outputs }: Part,
  make: () => Promise<void> | void,
): Promise<void> {
  const note = join(folder, name);
  const files = [...ground, ...own];
  if (isMadeOf(note, files) && outputs.every((output) => existsSync(join(folder, output)))) return;
  rmSync(note, { force: true });
  const from = hashOf(files);
  await make();
  // What was changed in the meantime may have been taken either way.
  if (hashOf(files) === from) writeFileSync(note, from);
}

const isMadeOf = (note: string, files: readonly string[]) =>
  existsSync(note) && readFileSync(note, 'utf8') === hashOf(files);

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\n`).update(existsSync(file) ? readFileSync(file) : 'none');
  }
  return hash.digest('hex');
}

/** All sources in a folder and below, but for what is compiled. */
function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|json)$/.test(name) && !/(^|[\\/])(dist|node_modules)[\\/]/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Compiles what has changed since TypeScript's note: all of it where an output is gone. What has no
 * source any more goes.
 */
function compileFolder(
  sources: string,
  outputs: string,
  noted: string,
  options: readonly string[],
): void {
  const note = join(outputs, noted);
  if (compiledBefore(note).some((name) => !existsSync(join(outputs, name)))) rmSync(note);
  node(tsc, '-p', sources, ...options);
  for (const name of readdirSync(outputs, { recursive: true, encoding: 'utf8' })) {
    const source = /^(.*?)\.(d\.ts|js|js\.map)$/.exec(name)?.[1];
    if (source === undefined || name === DANFO || existsSync(join(sources, `${source}.ts`)))
      continue;
    rmSync(join(outputs, name));
  }
}

/**
 * What TypeScript has made, by its note, which lies in the folder of the outputs within the sources'; a
 * note that was not written whole goes.
 */
function compiledBefore(note: string): string[] {
  if (!existsSync(note)) return [];
  try {
    const { fileNames } = JSON.parse(readFileSync(note, 'utf8')) as { fileNames: string[] };
    const own = fileNames.flatMap(
      (name) => /^\.\.\/(?!\.\.)(.*)(?<!\.d)\.ts$/.exec(name)?.[1] ?? [],
    );
    return own.flatMap((name) => ['.js', '.d.ts'].map((ending) => `${name}${ending}`));
  } catch {
    rmSync(note);
    return [];
  }
}

function compileKernels(): void {
  const config = join(assembly, 'asconfig.json');
  node(
    packageFile('assemblyscript/bin/asc.js'),
    '--config',
    config,
    '--outFile',
    join(made, KERNELS),
  );
}

/** Runs a program of Node's; its messages are the command's own. */
function node(...command: readonly string[]): void {
  const { status } = spawnSync(process.execPath, command, { cwd: projectRoot, stdio: 'inherit' });
  if (status !== 0) throw new InputError(`build: ${command[0]} failed; lib/dist stays as it was`);
}

/**
 * danfo as one file, on the tfjs that pathlab has. Its own package asks for a native tfjs of 600 MB,
 * which npm lets nobody but the project itself put aside.
 */
async function bundleDanfo(): Promise<void> {
  const { build: bundle } = await import('esbuild');
  await bundle({
    stdin: { contents: "module.exports = require('danfojs-node');", resolveDir: projectRoot },
    bundle: true,
    platform: 'node',
    minify: true,
    legalComments: 'inline',
    logLevel: 'error',
    external: ['@tensorflow/tfjs', 'plotly.js-dist-min'],
    alias: { '@tensorflow/tfjs-node': '@tensorflow/tfjs', request },
    outfile: join(made, DANFO),
  });
}

runCommand(compile);
