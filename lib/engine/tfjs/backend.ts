import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { backendIsChosen, nobodyChose } from '../../nn/plainJavaScript';
import { repairWasm } from './repairs';
import { repairPooling } from './repairs/pooling';
import { tellScriptsInStacks } from './repairs/stacks';
import { computesWithCuda, installedTensorflow, loadTensorflow } from './tensorflow';
import { type Adapter, gpuIsFaster, installedGpu } from './webgpu/installed';
import type * as Webgpu from './webgpu/start';

/** On first use tfjs prints an advertisement for its native package, unless it is in production. */
tf.env().set('PROD', true);
tellScriptsInStacks();

/** Plain JavaScript computes wherever nobody chooses a backend. */
repairPooling('cpu');

/** Which tfjs backend computes, and why that one. */
export interface Backend {
  readonly name: BackendName;
  readonly reason: string;
}

/** The names of tfjs' backends, the fastest first. */
export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

const backends: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];

/**
 * Picks the tfjs backend, makes it ready and says which and why: what `LAB_BACKEND` or `wanted`
 * names; else native TensorFlow with CUDA; else the GPU through WebGPU, where `npm run gpu` has found
 * one that is faster; else native TensorFlow if `npm run tensorflow` has set it up; else the embedded
 * default, wasm (SIMD, one thread), which `npm ci` installs anywhere. Trainings and evaluations do so
 * by themselves where nobody has.
 *
 * @throws InputError on an unknown name, which lists the valid ones, or one that is not set up
 * @example
 * ```ts
 * const { name } = await useBackend('wasm');
 * name; // → 'wasm'
 * ```
 */
export async function useBackend(wanted = process.env.LAB_BACKEND): Promise<Backend> {
  if (wanted && !(backends as readonly string[]).includes(wanted)) {
    throw new InputError(
      `useBackend: LAB_BACKEND must be one of ${backends.join(', ')}, got ${wanted}`,
    );
  }
  const backend = wanted ? await startWanted(wanted as BackendName) : await startBest();
  if (!(await withoutListeners(() => tf.setBackend(backend.name)))) {
    throw new InputError(
      `useBackend: tfjs cannot start its '${backend.name}' backend; run npm ci again`,
    );
  }
  await tf.ready();
  backendIsChosen();
  isWanted = Boolean(wanted);
  return backend;
}

let isWanted = false;

/**
 * How far a TensorFlow or a GPU computes in which somebody has set up, and which is the backend now:
 * `wanted` where `LAB_BACKEND` or a caller names it, `best` where `useBackend` found it.
 */
export function setUpBackend(): 'none' | 'best' | 'wanted' {
  if (!SET_UP.includes(tf.getBackend())) return 'none';
  return isWanted ? 'wanted' : 'best';
}

/** Backends that nobody has without asking for them. */
const SET_UP = ['tensorflow', 'webgpu'];

let choosing: Promise<Backend> | undefined;

/**
 * What would wait for plain JavaScript, which tfjs takes where nobody chose, waits for the backend that
 * `useBackend()` picks. Tensors from before go along.
 */
export async function chooseBackend(): Promise<void> {
  if (!nobodyChose()) return;
  choosing ??= useBackend();
  await choosing;
}

async function startWanted(name: BackendName): Promise<Backend> {
  const gpu = await load(name);
  const remark = gpu ? ` on ${gpu.name}${gpu.isSoftware ? ', which is software, no GPU' : ''}` : '';
  return { name, reason: `LAB_BACKEND or the caller asks for it${remark}` };
}

async function startBest(): Promise<Backend> {
  const tensorflow = installedTensorflow();
  if (tensorflow !== undefined) {
    await load('tensorflow');
    if (computesWithCuda()) return { name: 'tensorflow', reason: tensorflow };
  }
  const other = tensorflow === undefined ? 'wasm' : 'tensorflow';
  const gpu = installedGpu();
  let but = '';
  if (gpu && gpuIsFaster(gpu, other)) {
    try {
      const { name, isSoftware } = await startGpu();
      if (!isSoftware) return { name: 'webgpu', reason: `${name}, a GPU through WebGPU` };
      but = '; the GPU of npm run gpu is gone';
    } catch (error) {
      but = `; the GPU of npm run gpu cannot be used: ${(error as Error).message}`;
    }
  }
  await load(other);
  return { name: other, reason: (tensorflow ?? 'embedded default') + but };
}

/** The shaders are loaded where they compute, and not wherever `pathlab` is imported. */
async function startGpu(): Promise<Adapter> {
  const { startWebgpu } = require('./webgpu/start') as typeof Webgpu;
  return await startWebgpu();
}

/** Loads a backend with what is repaired in it; says of WebGPU what computes there. */
async function load(name: BackendName): Promise<Adapter | undefined> {
  if (name === 'webgpu') return await startGpu();
  if (name === 'tensorflow') {
    loadTensorflow();
    repairPooling('tensorflow');
  }
  if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
    repairWasm();
  }
  return undefined;
}

/**
 * Takes off what tfjs' wasm has itself told of every uncaught error: it would throw it again, from
 * a single line of 38 KB, which Node prints before the error.
 */
async function withoutListeners<T>(start: () => Promise<T>): Promise<T> {
  const emitter: NodeJS.EventEmitter = process;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.flatMap((event) => emitter.listeners(event));
  const started = await start();
  for (const event of events) {
    for (const listener of emitter.listeners(event)) {
      if (!before.includes(listener)) emitter.off(event, listener as () => void);
    }
  }
  return started;
}
