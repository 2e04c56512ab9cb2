import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { projectRoot } from '../../root';

/** Where `npm run tensorflow` puts everything it makes. */
export const tensorflowFolder = join(projectRoot, '.tensorflow');
/** Written last, so that a set-up which was cut off is never taken for a whole one. */
export const tensorflowStamp = join(tensorflowFolder, 'complete.txt');

/** What `npm run tensorflow` has set up, in its own words; undefined if it has not. */
export function installedTensorflow(): string | undefined {
  return existsSync(tensorflowStamp) ? readFileSync(tensorflowStamp, 'utf8').trim() : undefined;
}

/**
 * Loads what `npm run tensorflow` has set up.
 *
 * @throws InputError when it is not set up or cannot be loaded
 */
export function loadTensorflow(): void {
  if (installedTensorflow() === undefined) {
    throw new InputError('the tensorflow backend is not set up; run npm run tensorflow');
  }
  try {
    loadTfjsNode();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new InputError(
      `the tensorflow backend cannot be loaded (${why}); run npm run tensorflow -- --remove and ` +
        'npm run tensorflow',
    );
  }
}

/** Registers the backend `tensorflow` with the tfjs that is loaded already. */
export function loadTfjsNode(): void {
  // TensorFlow tells of every CPU feature and missing GPU otherwise.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  restoreRemoved();
  createRequire(tensorflowStamp)('@tensorflow/tfjs-node-gpu');
}

/** Whether the loaded TensorFlow computes on an NVIDIA GPU. */
export function computesWithCuda(): boolean {
  const backend = tf.findBackend('tensorflow') as { isUsingGpuDevice?: boolean } | null;
  return backend?.isUsingGpuDevice === true;
}

/** tfjs-node 4.22 calls two functions that Node 23 took away. */
function restoreRemoved(): void {
  const util = createRequire(__filename)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
