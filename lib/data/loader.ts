import * as tf from '@tensorflow/tfjs';
import { requireInteger } from '../errors';
import { generator, permutation } from '../random';
import { type Dataset, pixelsOf } from './dataset';

/** Some samples of a dataset as tensors, which belong to the loader that made them. */
export interface Batch {
  /** Images [n, C, H, W], float32 in [0, 1]: byte / 255. */
  readonly x: tf.Tensor4D;
  /** Labels [n], int32. */
  readonly y: tf.Tensor1D;
  /** n, the samples in this batch: less than the batch size in a short last one. */
  readonly size: number;
  /** Positions of the samples in the dataset. */
  readonly indices: Uint32Array;
}

/**
 * Batches of a dataset, one pass at a time, by `for (const batch of loader)`. A batch's tensors
 * live until the next batch is asked for or the loop ends, also by `break` or an error; to keep
 * one longer, clone its tensors inside the loop.
 */
export interface DataLoader extends Iterable<Batch> {
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** Batches a pass; 0 for an empty dataset. */
  readonly length: number;
  /**
   * The number of the next pass, from 0; every pass that starts moves it on. The order is a
   * function of seed and epoch alone, so a resumed training sets it and sees the same batches.
   */
  epoch: number;
}

export interface LoaderOptions {
  readonly batchSize: number;
  /** A seed: each pass goes in a random order of its own. Unset: the dataset's order. */
  readonly shuffle?: number | undefined;
  /** Leave out the last batch when it is short. */
  readonly drop?: boolean;
}

/**
 * A loader over a dataset. It holds no tensors and no floats between batches.
 *
 * @throws InputError when batchSize is no integer of at least 1, or the seed none of at least 0
 */
export function dataLoader(
  dataset: Dataset,
  { batchSize, shuffle, drop = false }: LoaderOptions,
): DataLoader {
  requireInteger('dataLoader', 'batchSize', batchSize, 1);
  if (shuffle !== undefined) requireInteger('dataLoader', 'shuffle', shuffle, 0);
  const batches = dataset.length / batchSize;
  return {
    dataset,
    batchSize,
    length: drop ? Math.floor(batches) : Math.ceil(batches),
    epoch: 0,
    *[Symbol.iterator]() {
      requireInteger('dataLoader', 'epoch', this.epoch, 0);
      const order = orderOf(dataset.length, shuffle, this.epoch++);
      for (let k = 0; k < this.length; k++) {
        const batch = makeBatch(dataset, order.subarray(k * batchSize, (k + 1) * batchSize));
        try {
          yield batch;
        } finally {
          tf.dispose([batch.x, batch.y]);
        }
      }
    },
  };
}

function orderOf(n: number, seed: number | undefined, epoch: number): Uint32Array {
  return seed === undefined
    ? Uint32Array.from({ length: n }, (_, i) => i)
    : permutation(n, generator(seed, epoch));
}

/** byte → byte / 255 in float32, looked up: twice as fast as dividing. */
const FLOAT_OF_BYTE = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

function makeBatch(dataset: Dataset, indices: Uint32Array): Batch {
  const size = indices.length;
  const pixels = pixelsOf(dataset);
  const { images, labels } = dataset;
  // Fresh memory each time: tfjs' cpu backend keeps the very array it is given.
  const x = new Float32Array(size * pixels);
  const y = new Int32Array(size);
  for (let i = 0, to = 0; i < size; i++) {
    const index = indices[i]!;
    y[i] = labels[index]!;
    const end = (index + 1) * pixels;
    for (let from = index * pixels; from < end; from++) x[to++] = FLOAT_OF_BYTE[images[from]!]!;
  }
  return {
    x: tf.tensor4d(x, [size, ...dataset.imageShape]),
    y: tf.tensor1d(y, 'int32'),
    size,
    indices,
  };
}
