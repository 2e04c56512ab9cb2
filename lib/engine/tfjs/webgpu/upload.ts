import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from './readSync';

/** Numbers of a tensor that stay in memory as well when the GPU gets them: the labels of a batch. */
const KEPT = 4096;

/** `GPUBufferUsage`: STORAGE, COPY_SRC, COPY_DST. */
const USAGE = 0x0080 | 0x0004 | 0x0008;

/** Shaders that go to the GPU together: handing over costs as much as recording ten of them. */
const SHADERS_TOGETHER = 128;

/**
 * Lets a tensor's numbers go up by the queue: tfjs makes two buffers for each, and destroys one, which
 * takes longer than the computation for the many scalars of a training step.
 */
export function uploadQuickly(backend: WebGPUBackend): void {
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', SHADERS_TOGETHER);
  const makeBuffer = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    const { values, dtype } = data;
    if (data.resource || !values) {
      makeBuffer(dataId);
      return;
    }
    const isWhole = dtype === 'int32' || dtype === 'bool';
    const numbers = isWhole
      ? Int32Array.from(values as ArrayLike<number>)
      : Float32Array.from(values as ArrayLike<number>);
    const buffer = backend.bufferManager.acquireBuffer(numbers.byteLength, USAGE);
    // A buffer comes back only when what was recorded with it has been handed over.
    backend.queue.writeBuffer(buffer, 0, numbers);
    data.resource = buffer;
    if (values.length > KEPT) data.values = null;
  };
}
