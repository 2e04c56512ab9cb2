import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { repairWasmMatMul } from './wasmMatMul';

/** On first use tfjs prints an advertisement for its native package, unless it is in production. */
tf.env().set('PROD', true);

/** Which tfjs backend computes, and why that one. */
export interface Backend {
  readonly name: BackendName;
  readonly reason: string;
}

export type BackendName = 'wasm' | 'cpu';

const backends: readonly BackendName[] = ['wasm', 'cpu'];

/**
 * Picks the tfjs backend, makes it ready and says which and why. The embedded default is wasm
 * (SIMD, one thread), which `npm ci` installs anywhere; `LAB_BACKEND` or `wanted` names another.
 *
 * @throws InputError on an unknown name, which lists the valid ones
 */
export async function useBackend(wanted = process.env.LAB_BACKEND): Promise<Backend> {
  const name = (wanted || 'wasm') as BackendName;
  if (!backends.includes(name)) {
    throw new InputError(
      `useBackend: LAB_BACKEND must be one of ${backends.join(', ')}, got ${wanted}`,
    );
  }
  if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
    repairWasmMatMul();
  }
  if (!(await tf.setBackend(name))) {
    throw new InputError(`useBackend: tfjs cannot start its '${name}' backend; run npm ci again`);
  }
  await tf.ready();
  return { name, reason: wanted ? 'LAB_BACKEND or the caller asks for it' : 'embedded default' };
}
