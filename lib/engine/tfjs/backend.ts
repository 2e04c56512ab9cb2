import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { backendIsChosen } from '../../nn/plainJavaScript';
import { repairWasm } from './repairs';
import { repairPooling } from './repairs/pooling';
import { installedTensorflow, loadTensorflow } from './tensorflow';

/** On first use tfjs prints an advertisement for its native package, unless it is in production. */
tf.env().set('PROD', true);

/** Plain JavaScript computes wherever nobody chooses a backend. */
repairPooling('cpu');

/** Which tfjs backend computes, and why that one. */
export interface Backend {
  readonly name: BackendName;
  readonly reason: string;
}

/** The names of tfjs' backends, the fastest first. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

const backends: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];

/**
 * Picks the tfjs backend, makes it ready and says which and why: what `LAB_BACKEND` or `wanted`
 * names; else native TensorFlow if `npm run tensorflow` has set it up; else the embedded default,
 * wasm (SIMD, one thread), which `npm ci` installs anywhere.
 *
 * @throws InputError on an unknown name, which lists the valid ones, or one that is not set up
 * @example
 * ```ts
 * const { name } = await useBackend('wasm');
 * name; // → 'wasm'
 * ```
 */
export async function useBackend(wanted = process.env.LAB_BACKEND): Promise<Backend> {
  const installed = installedTensorflow();
  const name = (wanted || (installed ? 'tensorflow' : 'wasm')) as BackendName;
  if (!backends.includes(name)) {
    throw new InputError(
      `useBackend: LAB_BACKEND must be one of ${backends.join(', ')}, got ${wanted}`,
    );
  }
  if (name === 'tensorflow') {
    loadTensorflow();
    repairPooling('tensorflow');
  }
  if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
    repairWasm();
  }
  if (!(await withoutListeners(() => tf.setBackend(name)))) {
    throw new InputError(`useBackend: tfjs cannot start its '${name}' backend; run npm ci again`);
  }
  await tf.ready();
  backendIsChosen();
  if (wanted) return { name, reason: 'LAB_BACKEND or the caller asks for it' };
  return { name, reason: installed ?? 'embedded default' };
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
