import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../../errors';
import { type GPUBuffer, MAP_MODE_READ, USAGE_COPY_DST, USAGE_MAP_READ } from './gpu';

/** What is used of tfjs' WebGPU backend, whose readings are of the event loop's next turn alone. */
export interface WebGPUBackend extends tf.KernelBackend {
  readonly tensorMap: { get(dataId: object): TensorData };
  readonly bufferManager: {
    acquireBuffer(size: number, usage: number): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer): void;
  };
  commandEncoder: {
    copyBufferToBuffer(from: GPUBuffer, at: 0, to: GPUBuffer, at2: 0, size: number): void;
  };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  uploadToGPU(dataId: object): void;
  readonly queue: { writeBuffer(to: GPUBuffer, at: 0, numbers: Int32Array | Float32Array): void };
  readSync(dataId: object): tf.backend_util.BackendValues;
}

interface TensorData {
  readonly dtype: tf.DataType;
  readonly shape: number[];
  resource: GPUBuffer | null;
  readonly complexTensorInfos?: { readonly real: tf.TensorInfo; readonly imag: tf.TensorInfo };
  values: tf.backend_util.BackendValues | null;
}

/**
 * Gives the backend a `readSync` without a canvas, so that `dataSync` works in Node as on any other
 * backend. What comes back is kept beside the tensor.
 *
 * @param lost says why the GPU cannot compute any more, where it cannot
 */
export function readSynchronously(backend: WebGPUBackend, lost: () => string | undefined): void {
  backend.readSync = (dataId) => {
    const data = backend.tensorMap.get(dataId);
    if (data.values !== null && data.values !== undefined) return data.values;
    if (data.complexTensorInfos) {
      const { real, imag } = data.complexTensorInfos;
      const [a, b] = [backend.readSync(real.dataId), backend.readSync(imag.dataId)];
      return tf.backend_util.mergeRealAndImagArrays(a as Float32Array, b as Float32Array);
    }
    if (!data.resource) return new Float32Array(tf.util.sizeFromShape(data.shape));
    const buffer = readBuffer(backend, data.resource, lost);
    data.values = tf.util.convertBackendValuesAndArrayBuffer(buffer, data.dtype);
    return data.values;
  };
}

function readBuffer(
  backend: WebGPUBackend,
  buffer: GPUBuffer,
  lost: () => string | undefined,
): ArrayBuffer {
  const { size } = buffer;
  const staging = backend.bufferManager.acquireBuffer(size, USAGE_COPY_DST | USAGE_MAP_READ);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
  backend.submitQueue();
  waitForMap(staging);
  const why = lost();
  if (staging.mapState !== 'mapped' || why !== undefined) {
    throw new InputError(
      why ??
        'the GPU is lost; restart the kernel and run the notebook again: what was saved is taken up',
    );
  }
  const values = staging.getMappedRange().slice(0);
  staging.unmap();
  backend.bufferManager.releaseBuffer(staging);
  return values;
}

type Turn = () => void;

/** Handles what Dawn has heard from the GPU, as it does itself on every turn of the event loop. */
let handleEvents: Turn | undefined;

/**
 * Learns how Dawn handles its events: for the first promise that it gives it asks for a turn of the
 * event loop by `setImmediate`, and what it hands over may be called at any time.
 */
export async function learnToHandleEvents<T>(firstPromise: () => Promise<T>): Promise<T> {
  const { result, turns } = withTurns(firstPromise);
  handleEvents ??= turns[0];
  for (const turn of turns) setImmediate(turn);
  return await result;
}

/** Milliseconds in which only asking is quick enough, and how long it rests between later ones. */
const BRISK_MS = 1;
const REST_MS = 0.05;
const bed = new Int32Array(new SharedArrayBuffer(4));

/** Waits, without a turn of the event loop, until a buffer can be read, or never will be. */
function waitForMap(buffer: GPUBuffer): void {
  const { turns } = withTurns(() => {
    // Why it failed says mapState, and the device.
    buffer.mapAsync(MAP_MODE_READ).catch(() => undefined);
    const start = performance.now();
    while (buffer.mapState === 'pending' && handleEvents) {
      handleEvents();
      if (performance.now() - start > BRISK_MS) Atomics.wait(bed, 0, 0, REST_MS);
    }
  });
  // Others may be waiting still.
  if (turns.length > 0) setImmediate(turns[0]!);
}

/** What Dawn asks for by `setImmediate` meanwhile, instead of a turn of the event loop. */
function withTurns<T>(act: () => T): { result: T; turns: Turn[] } {
  const { setImmediate: real } = globalThis;
  const turns: Turn[] = [];
  const take = (turn: Turn) => void turns.push(turn);
  try {
    globalThis.setImmediate = take as unknown as typeof setImmediate;
    return { result: act(), turns };
  } finally {
    globalThis.setImmediate = real;
  }
}
