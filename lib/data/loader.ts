import * as tf from '@tensorflow/tfjs';
import { InputError, refuseForeign, requireInteger } from '../errors';
import { generator, permutation, requireSeed } from '../random';
import type { Callable } from '../settings';
import {
  type Augmentation,
  augmentedCopy,
  type CopyImage,
  plainCopy,
  requireAugmentation,
} from './augmentation';
import { type Dataset, pixelsOf, unitOf } from './dataset';

/** Some samples of a dataset as tensors, which belong to the loader that made them. */
export interface Batch {
  /** Images [n, C, H, W], float32: byte / 255, or floats as they are; then normalised if asked. */
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
 * masks) is asked for its batches by every engine. Augmentation is for training alone: every engine
 * evaluates on a loader's images as the dataset has them.
 */
export interface DataLoader extends Iterable<Batch> {
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** The seed of its orders; unset for the dataset's own. */
  readonly shuffle?: number | undefined;
  /** Whether a short last batch is left out. */
  readonly drop?: boolean;
  /** How training sees the images of each pass; unset for as they are. */
  readonly augmentation?: Augmentation | undefined;
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
  /** Leave out the last batch when it is short. By default it is given. */
  readonly drop?: boolean;
  /** Random crops and flips in training, anew in each pass. Unset: none. */
  readonly augmentation?: Augmentation | undefined;
}

const TORCH_NAMES = { batch_size: 'batchSize', drop_last: 'drop' };

/**
 * A loader over a dataset. It holds no tensors and no floats between batches.
 *
 * @param dataset what the batches are taken from
 * @param options the size of the batches, and what is not at its default
 * @throws InputError when batchSize is no integer of at least 1, or a seed none of at least 0,
 *   or a padding no integer of at least 0
 * @example
 * ```ts
 * const twos = dataLoader(small, { batchSize: 5, shuffle: 7 });
 * twos.length; // → 3
 * const sizes = [];
 * for (const { x, size } of twos) sizes.push([size, x.shape[0]]);
 * sizes; // → [ [ 5, 5 ], [ 5, 5 ], [ 2, 2 ] ]
 * ```
 */
export function dataLoader(dataset: Dataset, options: LoaderOptions): DataLoader {
  refuseForeign('dataLoader', options, TORCH_NAMES);
  const { batchSize, shuffle, drop = false, augmentation } = options;
  requireInteger('dataLoader', 'batchSize', batchSize, 1);
  if (shuffle !== undefined) requireSeed('dataLoader', 'shuffle', shuffle);
  if (augmentation !== undefined) requireAugmentation(augmentation);
  return {
    dataset,
    batchSize,
    shuffle,
    drop,
    ...(augmentation && { augmentation }),
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

/** Whether an evaluation's pass sees every sample of the dataset, each once and as it is. */
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

function iterate(this: DataLoader): Generator<Batch> {
  return pass(this, this.augmentation);
}

/** A loader's batches as evaluations see them: nothing is augmented but by an iterator of its own. */
export function evaluationPass(loader: DataLoader): Iterable<Batch> {
  return isPlain(loader) ? pass(loader, undefined) : loader;
}

function* pass(loader: DataLoader, augmentation: Augmentation | undefined): Generator<Batch> {
  const { dataset, batchSize, length, epoch } = loader;
  const order = startPass(loader);
  const copy = augmentation ? augmentedCopy(dataset, augmentation, epoch) : plainCopy(dataset);
  const room = new Float32Array(Math.min(batchSize, order.length) * pixelsOf(dataset));
  for (let k = 0; k < length; k++) {
    const indices = order.subarray(k * batchSize, (k + 1) * batchSize);
    const batch = makeBatch(dataset, indices, room, copy);
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

/**
 * `set` turns bytes into floats natively, many at once, and the division is left to the backend:
 * on wasm a third of the time of a loop over the pixels, to the same bits. The quotient is a tensor
 * of its own, so `room` is free again when this returns.
 */
function makeBatch(
  dataset: Dataset,
  indices: Uint32Array,
  room: Float32Array,
  copy: CopyImage,
): Batch {
  const size = indices.length;
  const pixels = pixelsOf(dataset);
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    copy(indices[i]!, room, i * pixels);
    labels[i] = dataset.labels[indices[i]!]!;
  }
  const numbers = room.subarray(0, size * pixels);
  const x = tf.tidy(() => scaled(tf.tensor4d(numbers, [size, ...dataset.imageShape]), dataset));
  return { x, y: tf.tensor1d(labels, 'int32'), size, indices };
}

/** A tensor of its own in any case: the one that is given goes by the memory that it was made of. */
function scaled(images: tf.Tensor4D, dataset: Dataset): tf.Tensor4D {
  const x = images.div<tf.Tensor4D>(unitOf(dataset));
  if (dataset.normalisation === undefined) return x;
  const { mean, std } = dataset.normalisation;
  const perChannel = (values: readonly number[]) =>
    tf.tensor4d([...values], [1, values.length, 1, 1]);
  return x.sub(perChannel(mean)).div(perChannel(std));
}
