import * as tf from '@tensorflow/tfjs';
import { InputError, requireInteger } from '../errors';
import { generator, permutation, requireSeed } from '../random';
import type { Callable } from '../settings';
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
 *
 * A pass is a function of the fields below: `{ ...loader, shuffle: 3 }` goes by that seed; a length
 * that does not follow from the other fields is refused. A loader with an iterator of its own (noise,
 * masks, augmentation) is asked for its batches by every engine.
 */
export interface DataLoader extends Iterable<Batch> {
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** The seed of its orders; unset for the dataset's own. */
  readonly shuffle?: number | undefined;
  /** Whether a short last batch is left out. */
  readonly drop?: boolean;
  /** Batches a pass; 0 for an empty dataset. */
  readonly length: number;
  /**
   * The number of the next pass, from 0; every pass that starts moves it on. The order is a
   * function of seed and epoch alone, so a resumed training sets it and sees the same batches.
   */
  epoch: number;
  /** The positions of the samples in the order of the next pass, which counts as started. */
  nextOrder(): Uint32Array;
}

/** How a loader cuts a dataset into batches. */
export interface LoaderOptions {
  /** Samples in a batch, at least 1. */
  readonly batchSize: number;
  /** A seed: each pass goes in a random order of its own. Unset: the dataset's order. */
  readonly shuffle?: number | undefined;
  /** Leave out the last batch when it is short. */
  readonly drop?: boolean;
}

/**
 * A loader over a dataset. It holds no tensors and no floats between batches.
 *
 * @param dataset what the batches are taken from
 * @throws InputError when batchSize is no integer of at least 1, or the seed none of at least 0
 * @example
 * ```ts
 * const twos = dataLoader(small, { batchSize: 5, shuffle: 7 });
 * twos.length; // → 3
 * const sizes = [];
 * for (const { x, size } of twos) sizes.push([size, x.shape[0]]);
 * sizes; // → [ [ 5, 5 ], [ 5, 5 ], [ 2, 2 ] ]
 * ```
 */
export function dataLoader(
  dataset: Dataset,
  { batchSize, shuffle, drop = false }: LoaderOptions,
): DataLoader {
  requireInteger('dataLoader', 'batchSize', batchSize, 1);
  if (shuffle !== undefined) requireSeed('dataLoader', 'shuffle', shuffle);
  return {
    dataset,
    batchSize,
    shuffle,
    drop,
    length: batchesIn(dataset.length, batchSize, drop),
    epoch: 0,
    nextOrder,
    [Symbol.iterator]: iterate,
  };
}

/** Whether samples come from a loader or are a dataset's. */
export function isLoader(samples: Dataset | DataLoader): samples is DataLoader {
  return 'dataset' in samples;
}

/** Whether a loader's batches are its dataset's own, because it has no iterator of its own. */
export function isPlain(loader: DataLoader): boolean {
  return loader[Symbol.iterator] === iterate;
}

/** The functions of a loader's own that its batches depend on; none for most. */
export function ownFunctions(loader: DataLoader): Callable[] {
  const order = loader.nextOrder === nextOrder ? [] : [loader.nextOrder];
  return isPlain(loader) ? order : [...order, loader[Symbol.iterator]];
}

/** Whether a pass sees every sample of the dataset, each once and as it is. */
export function isWhole(loader: DataLoader): boolean {
  const { dataset, batchSize, length } = loader;
  const ownOrder = loader.nextOrder !== nextOrder;
  return isPlain(loader) && !ownOrder && length > 0 && length * batchSize >= dataset.length;
}

/**
 * Throws unless a batch holds as many images and labels as it says: what an iterator of one's own
 * gives may have been changed in one place only, and figures are weighted by the size.
 */
export function requireSize({ x, y, size }: Batch): void {
  if (x.shape[0] === size && y.size === size) return;
  throw new InputError(
    `a batch says that its size is ${size}, and holds ${x.shape[0]} images and ${y.size} labels; ` +
      'change x, y and size together',
  );
}

/**
 * The order of the next pass, checked.
 *
 * @throws InputError when it names a sample that there is not, or is not that of `length` batches
 */
export function startPass(loader: DataLoader): Uint32Array {
  const { dataset, batchSize, length } = loader;
  requireInteger('dataLoader', 'batchSize', batchSize, 1);
  requireInteger('dataLoader', 'length', length, 0);
  const order = loader.nextOrder();
  requireLength(loader, order.length);
  for (const position of order) {
    if (position < dataset.length) continue;
    throw new InputError(
      `dataLoader: an order must hold positions below ${dataset.length}, the number of samples, ` +
        `got ${position}`,
    );
  }
  return order;
}

/** @throws InputError unless the loader's length is that of its batches in so many samples */
export function requireLength({ batchSize, drop, length }: DataLoader, samples: number): void {
  const batches = batchesIn(samples, batchSize, drop);
  if (length === batches) return;
  throw new InputError(
    `dataLoader: expected a length of ${batches}, the ${drop ? 'whole ' : ''}batches of ${batchSize} ` +
      `in ${samples} samples, got ${length}; make another loader by dataLoader, or change length ` +
      'together with batchSize, drop and dataset',
  );
}

function batchesIn(samples: number, batchSize: number, drop = false): number {
  return drop ? Math.floor(samples / batchSize) : Math.ceil(samples / batchSize);
}

// Read from the loader itself, so that a copy with other fields does as they say.
function nextOrder(this: DataLoader): Uint32Array {
  requireInteger('dataLoader', 'epoch', this.epoch, 0);
  return orderOf(this.dataset.length, this.shuffle, this.epoch++);
}

function* iterate(this: DataLoader): Generator<Batch> {
  const { dataset, batchSize, length } = this;
  const order = startPass(this);
  const room = new Float32Array(Math.min(batchSize, order.length) * pixelsOf(dataset));
  for (let k = 0; k < length; k++) {
    const indices = order.subarray(k * batchSize, (k + 1) * batchSize);
    const batch = makeBatch(dataset, indices, room);
    try {
      yield batch;
    } finally {
      tf.dispose([batch.x, batch.y]);
    }
  }
}

function orderOf(n: number, seed: number | undefined, epoch: number): Uint32Array {
  return seed === undefined
    ? Uint32Array.from({ length: n }, (_, i) => i)
    : permutation(n, generator(seed, epoch));
}

const LARGEST_BYTE = 255;

/**
 * `set` turns bytes into floats natively, many at once, and the division is left to the backend:
 * on wasm a third of the time of a loop over the pixels, to the same bits. The quotient is a tensor
 * of its own, so `room` is free again when this returns.
 */
function makeBatch(dataset: Dataset, indices: Uint32Array, room: Float32Array): Batch {
  const size = indices.length;
  const pixels = pixelsOf(dataset);
  const bytes = room.subarray(0, size * pixels);
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const from = indices[i]! * pixels;
    bytes.set(dataset.images.subarray(from, from + pixels), i * pixels);
    labels[i] = dataset.labels[indices[i]!]!;
  }
  const x = tf.tidy(() => tf.tensor4d(bytes, [size, ...dataset.imageShape]).div(LARGEST_BYTE));
  return { x: x as tf.Tensor4D, y: tf.tensor1d(labels, 'int32'), size, indices };
}
