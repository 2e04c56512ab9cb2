import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, runCommand } from '../command';
import { installedTensorflow } from '../engine/tfjs/tensorflow';
import {
  type Adapter,
  type Calibration,
  gpuFolder,
  gpuIsFaster,
  gpuStamp,
  installedGpu,
} from '../engine/tfjs/webgpu/installed';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { type Lock, underLock } from '../lock';
import { projectRoot } from '../root';
import { run } from '../run';

/**
 * `npm run gpu`: makes tfjs' WebGPU backend work in Node, in `.gpu` inside the project, and measures
 * what it finds there. Once more it only measures. `-- --remove` takes all of it away again.
 */

const WEBGPU = '0.6.2';
const TFJS = '4.22.0';

async function gpu(): Promise<number> {
  const { remove } = readOptions('gpu', { remove: { type: 'boolean', default: false } });
  const task = ({ hold }: Lock) => (remove ? takeAway() : setUp(hold));
  const waiting = () => console.error('another command sets up .gpu; waiting for it');
  await underLock(`${gpuFolder}.lock`, task, waiting);
  return 0;
}

type Hold = Lock['hold'];

async function takeAway(): Promise<void> {
  rmSync(gpuFolder, { recursive: true, force: true });
  console.log('removed .gpu; what computed before computes again');
}

async function setUp(hold: Hold): Promise<void> {
  const there = installedGpu() !== undefined;
  if (!there) await install(hold);
  // The backend can be asked for while it is measured.
  writeAtomically(gpuStamp, `${JSON.stringify({ stepMs: {} } satisfies Calibration)}\n`);
  const other = installedTensorflow() === undefined ? 'wasm' : 'tensorflow';
  console.error('trying it out');
  const ours = await measure('webgpu', hold);
  const theirs = ours.stepMs !== undefined ? await measure(other, hold) : undefined;
  const calibration: Calibration = {
    ...(ours.adapter && { adapter: ours.adapter }),
    stepMs: {
      ...(ours.stepMs !== undefined && { webgpu: ours.stepMs }),
      ...(theirs?.stepMs !== undefined && { [other]: theirs.stepMs }),
    },
  };
  writeAtomically(gpuStamp, `${JSON.stringify(calibration)}\n`);
  console.log(`${there ? 'set up already' : 'set up'}: ${sentence(calibration, other, ours.why)}`);
  console.log('undo: npm run gpu -- --remove');
}

async function install(hold: Hold): Promise<void> {
  rmSync(gpuFolder, { recursive: true, force: true });
  console.error(`fetching webgpu ${WEBGPU} and tfjs-backend-webgpu ${TFJS}`);
  const manifest = {
    private: true,
    dependencies: { webgpu: WEBGPU, '@tensorflow/tfjs-backend-webgpu': TFJS },
  };
  writeAtomically(join(gpuFolder, 'package.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--silent'];
  const command = ['npm', 'install', '--no-package-lock', ...flags];
  const { code, said } = await run(command, { cwd: gpuFolder, hold });
  if (code === 0) return;
  rmSync(gpuFolder, { recursive: true, force: true });
  throw new InputError(
    'npm could not install webgpu: check the network, then run npm run gpu again\n' +
      said.slice(-2000),
  );
}

interface Measured {
  readonly adapter?: Adapter;
  readonly stepMs?: number;
  readonly why?: string;
}

/** Measures in a process of its own, so that a broken driver ends only that. */
async function measure(backend: string, hold: Hold): Promise<Measured> {
  const script = join(__dirname, '..', 'engine', 'measureStep.ts');
  const program = [process.execPath, '--require', 'tsx/cjs', script, backend];
  const { code, said } = await run(program, { cwd: projectRoot, hold });
  const line = said.split('\n').find((one) => one.startsWith('{'));
  if (code === 0 && line !== undefined) return JSON.parse(line) as Measured;
  return { why: /InputError: (.*)/.exec(said)?.[1] ?? said.trim().slice(-300) };
}

function sentence(calibration: Calibration, other: string, why?: string): string {
  const { adapter, stepMs } = calibration;
  if (!adapter) return `no adapter that computes (${why}); nothing changes`;
  if (adapter.isSoftware) {
    return `${adapter.name}: software, no GPU; it computes only where LAB_BACKEND=webgpu asks for it, slowly`;
  }
  const times =
    `${adapter.name}: ${stepMs.webgpu?.toFixed(0)} ms for a training step of a small VGG, ` +
    `${stepMs[other]?.toFixed(0) ?? '?'} ms on ${other === 'wasm' ? "the lab's own engine" : other}`;
  return gpuIsFaster(calibration, other)
    ? `${times}; the lab's tfjs computes on it from now on`
    : `${times}; it is slower, and computes only where LAB_BACKEND=webgpu asks for it`;
}

runCommand(gpu);
