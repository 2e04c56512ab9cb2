import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readOptions, runCommand } from '../command';
import { installedTensorflow, tensorflowFolder, tensorflowStamp } from '../engine/tfjs/tensorflow';
import { InputError } from '../errors';
import { makeFolder, writeAtomically } from '../files';
import { ensurePython } from '../jupyter/python';
import { type Lock, underLock } from '../lock';
import { projectRoot } from '../root';
import { run } from '../run';

/**
 * `npm run tensorflow`: makes the native backend of tfjs work, in `.tensorflow` inside the project.
 * The prebuilt library of tfjs-node-gpu where its makers' server can be reached; otherwise its
 * binding is compiled against the TensorFlow that pip has, which is years newer. `-- --remove`
 * takes all of it away again.
 */

const TFJS_NODE = '4.22.0';
const TENSORFLOW = '2.21.0';
const NAPI_HEADERS = '1.9.0';
const PREBUILT = 'https://storage.googleapis.com/tf-builds/';
const REACH_MS = 5000;

const modules = join(tensorflowFolder, 'node_modules');
const tfjsNode = join(modules, '@tensorflow', 'tfjs-node-gpu');
const python = join(tensorflowFolder, 'python');

async function tensorflow(): Promise<number> {
  const { remove } = readOptions('tensorflow', { remove: { type: 'boolean', default: false } });
  const task = ({ hold }: Lock) => (remove ? takeAway() : setUp(hold));
  const waiting = () => say('another command sets up .tensorflow; waiting for it');
  await underLock(`${tensorflowFolder}.lock`, task, waiting);
  return 0;
}

type Hold = Lock['hold'];

async function takeAway(): Promise<void> {
  rmSync(tensorflowFolder, { recursive: true, force: true });
  console.log('removed .tensorflow; the embedded backend computes again');
}

async function setUp(hold: Hold): Promise<void> {
  const installed = installedTensorflow();
  if (installed !== undefined) {
    console.log(`set up already: ${installed}`);
    return;
  }
  rmSync(tensorflowFolder, { recursive: true, force: true });
  await installTfjsNode(hold);
  const prebuilt = await downloadPrebuilt(hold);
  const what = prebuilt ? `tfjs-node-gpu ${TFJS_NODE}, prebuilt` : await buildBinding(hold);
  writeAtomically(tensorflowStamp, `${what}\n`);
  console.log(
    `set up: ${what}. The lab's tfjs uses it from now on; undo: npm run tensorflow -- --remove`,
  );
}

/** The package without its install script, on the project's own tfjs: one engine in a process. */
async function installTfjsNode(hold: Hold): Promise<void> {
  say(`fetching tfjs-node-gpu ${TFJS_NODE}`);
  const manifest = {
    private: true,
    dependencies: { '@tensorflow/tfjs-node-gpu': TFJS_NODE, 'node-api-headers': NAPI_HEADERS },
    overrides: { '@tensorflow/tfjs': 'file:../node_modules/@tensorflow/tfjs' },
  };
  writeAtomically(join(tensorflowFolder, 'package.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--silent'];
  await runOrSay(
    hold,
    ['npm', 'install', ...flags],
    'npm could not install tfjs-node-gpu: check the network, then run npm run tensorflow again',
  );
}

/** Whether the makers' prebuilt library and binding could be had, and compute. */
async function downloadPrebuilt(hold: Hold): Promise<boolean> {
  try {
    await fetch(PREBUILT, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) });
  } catch {
    say(`${new URL(PREBUILT).host} cannot be reached: no prebuilt TensorFlow`);
    return false;
  }
  say('downloading the prebuilt TensorFlow');
  const script = join(tfjsNode, 'scripts', 'install.js');
  try {
    const download = [process.execPath, script, 'gpu', 'download'];
    await runOrSay(hold, download, 'no prebuilt TensorFlow', tfjsNode);
    await tryOut(hold);
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** Compiles the binding against pip's TensorFlow, of which only headers and libraries are used. */
async function buildBinding(hold: Hold): Promise<string> {
  const compiler = process.env.CXX ?? 'c++';
  if (spawnSync(compiler, ['--version']).status !== 0) {
    throw new InputError(
      `no C++ compiler '${compiler}' to build the binding with; install one (Debian and Ubuntu: ` +
        'apt install g++; macOS: xcode-select --install) and run npm run tensorflow again',
    );
  }
  const gpu = spawnSync('nvidia-smi').status === 0;
  const name = gpu ? 'tensorflow[and-cuda]' : linuxPc() ? 'tensorflow-cpu' : 'tensorflow';
  const pip = await ensurePython();
  say(`fetching ${name} ${TENSORFLOW} by pip${gpu ? ', with its CUDA' : ''}`);
  const alone = gpu ? [] : ['--no-deps'];
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile', '--target', python];
  await runOrSay(
    hold,
    [pip, '-m', 'pip', 'install', ...options, ...alone, `${name}==${TENSORFLOW}`],
    `pip could not install ${name} ${TENSORFLOW}: check the network and the free disk space, then ` +
      'run npm run tensorflow again',
  );
  say('compiling the binding');
  const to = join(tfjsNode, 'lib', 'napi-v8');
  makeFolder(to);
  const compile = [compiler, ...compilerArguments(join(to, 'tfjs_binding.node'))];
  await runOrSay(hold, compile, 'the binding could not be compiled');
  // The rest is for Python: 400 MB.
  const library = join(python, 'tensorflow');
  for (const entry of readdirSync(library)) {
    if (!entry.startsWith('libtensorflow')) rmSync(join(library, entry), { recursive: true });
  }
  await tryOut(hold);
  return `tfjs-node-gpu ${TFJS_NODE} on pip's ${name} ${TENSORFLOW}`;
}

function linuxPc(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

function compilerArguments(output: string): string[] {
  const library = join(python, 'tensorflow');
  // From lib/napi-v8 of the package up to .tensorflow.
  const up = '../../../../../python/tensorflow';
  const mac = process.platform === 'darwin';
  const libraries = ['tensorflow_cc', 'tensorflow_framework'].map((name) =>
    join(library, mac ? `lib${name}.2.dylib` : `lib${name}.so.2`),
  );
  const headers = createRequire(tensorflowStamp)('node-api-headers') as { include_dir: string };
  return [
    ...['-std=c++17', '-O2', '-shared', '-fPIC', '-w', '-DNAPI_VERSION=8'],
    ...(mac ? ['-undefined', 'dynamic_lookup'] : []),
    ...[headers.include_dir, join(library, 'include'), tfjsNode].map((path) => `-I${path}`),
    join(tfjsNode, 'binding', 'tfjs_backend.cc'),
    join(tfjsNode, 'binding', 'tfjs_binding.cc'),
    ...libraries,
    `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/${up}`,
    ...['-o', output],
  ];
}

/** Multiplies two matrices in a process of its own, so that a broken library ends only that. */
async function tryOut(hold: Hold): Promise<void> {
  say('trying it out');
  const script =
    `require(${JSON.stringify(join(__dirname, '..', 'engine', 'tfjs', 'tensorflow.ts'))}).loadTfjsNode();` +
    "const tf = require('@tensorflow/tfjs');" +
    "tf.setBackend('tensorflow');" +
    'const x = tf.ones([2, 2]);' +
    'process.exit(tf.matMul(x, x).sum().dataSync()[0] === 8 ? 0 : 1);';
  const program = [process.execPath, '--require', 'tsx/cjs', '-e', script];
  await runOrSay(hold, program, 'TensorFlow is there but does not compute', projectRoot);
}

/** @throws InputError where the program fails: the sentence, and the end of what it said */
async function runOrSay(
  hold: Hold,
  command: readonly string[],
  sentence: string,
  cwd = tensorflowFolder,
): Promise<void> {
  const { code, said } = await run(command, { cwd, hold });
  if (code !== 0) throw new InputError(`${sentence}\n${said.slice(-2000)}`);
}

function say(line: string): void {
  console.error(line);
}

runCommand(tensorflow);
