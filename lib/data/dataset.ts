import { types } from 'node:util';
import { InputError, requireInteger } from '../errors';
import { generator, permutation, requireSeed } from '../random';
import { sizeOf } from '../shape';

/** Labelled images, grey or of many channels; shared, never written to. */
export interface Dataset {
  readonly name: string;
  /**
   * length·C·H·W numbers, row-major: bytes, of which a batch has byte / 255, or float32, of which it
   * has the numbers as they are.
   */
  readonly images: Uint8Array | Float32Array;
  /** One class a sample, in {0, …, classes − 1}; Int32Array for more than 256 classes. */
  readonly labels: Uint8Array | Int32Array;
  readonly imageShape: readonly [channels: number, height: number, width: number];
  /** How many samples there are; 0 is an empty dataset. */
  readonly length: number;
  readonly classes: number;
  /** What every batch and every evaluation does to the images; see `normalise`. */
  readonly normalisation?: Normalisation;
}

/** A dataset of bytes and at most 256 classes, as every file that is read here holds. */
export interface ByteDataset extends Dataset {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** (x − mean) / std, with a mean and a standard deviation for each channel. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * A dataset of the given arrays, which it keeps without copying.
 *
 * @param parts all of a dataset but its length
 * @throws InputError when images and labels disagree in number, a label is no class, imageShape has
 *   other than three sizes, or a size is no integer of at least 1
 * @example
 * ```ts
 * const pair = makeDataset({
 *   name: 'pair',
 *   images: Uint8Array.of(0, 255),
 *   labels: Uint8Array.of(0, 1),
 *   imageShape: [1, 1, 1],
 *   classes: 2,
 * });
 * pair.length; // → 2
 * ```
 */
export function makeDataset<Parts extends Omit<Dataset, 'length'>>(
  parts: Parts,
): Parts & { readonly length: number } {
  const { name, images, labels, imageShape, classes } = parts;
  requireArrays(parts);
  if (imageShape.length !== 3) {
    throw new InputError(
      `dataset ${name}: imageShape must be [channels, height, width], got [${imageShape.join(', ')}]; ` +
        'grey images have one channel',
    );
  }
  for (const size of imageShape) requireInteger(`dataset ${name}`, 'a size in imageShape', size, 1);
  requireInteger(`dataset ${name}`, 'classes', classes, 0);
  const pixels = sizeOf(imageShape);
  if (images.length !== labels.length * pixels) {
    const numbers = images.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'floats';
    throw new InputError(
      `dataset ${name}: expected as many images as labels, ${labels.length} of ${pixels} ${numbers} ` +
        `each, got ${images.length / pixels} images; take both from the same set`,
    );
  }
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (wrong >= 0) {
    throw new InputError(
      `dataset ${name}: every label must be at least 0 and less than ${classes}, the number of classes, got ` +
        `${labels[wrong]} at position ${wrong}; check that the labels belong to this set`,
    );
  }
  return { ...parts, length: labels.length };
}

/** @throws InputError unless images, labels and normalisation are such as a dataset has */
export function requireArrays(parts: Omit<Dataset, 'length'>): void {
  const { name, images, labels, imageShape, normalisation } = parts;
  const refuse = (what: string, expected: string, values: unknown) => {
    const got = (values as object | undefined)?.constructor?.name ?? String(values);
    return new InputError(`dataset ${name}: ${what} must be ${expected}, got ${got}; convert them`);
  };
  if (!types.isUint8Array(images) && !types.isFloat32Array(images)) {
    const expected = 'a Uint8Array of pixels from 0 to 255 or a Float32Array';
    throw refuse('images', expected, images);
  }
  if (!types.isUint8Array(labels) && !types.isInt32Array(labels)) {
    throw refuse('labels', 'a Uint8Array or an Int32Array of classes', labels);
  }
  if (normalisation !== undefined) requireNormalisation(name, normalisation, imageShape[0]);
}

function requireNormalisation(dataset: string, { mean, std }: Normalisation, channels: number) {
  for (const [name, values] of Object.entries({ mean, std })) {
    const isRight = (value: number) => Number.isFinite(value) && (name === 'mean' || value > 0);
    if (values.length === channels && values.every(isRight)) continue;
    throw new InputError(
      `dataset ${dataset}: ${name} must be a finite number${name === 'std' ? ' above 0' : ''} for ` +
        `each of ${channels} channels, got [${values.join(', ')}]; channelStatistics measures them, and ` +
        'where a channel is the same everywhere its std may be 1',
    );
  }
}

/**
 * The first `count` samples, sharing the dataset's memory; none makes an empty dataset.
 *
 * @throws InputError unless 0 ≤ count ≤ dataset.length
 * @example
 * ```ts
 * take(small, 2).labels; // → Uint8Array(2) [ 0, 1 ]
 * ```
 */
export function take<D extends Dataset>(dataset: D, count: number): D {
  requireCount('take', dataset, count);
  const { images, labels } = dataset;
  return makeDataset({
    ...dataset,
    images: images.subarray(0, count * pixelsOf(dataset)),
    labels: labels.subarray(0, count),
  });
}

/**
 * The last `count` samples, sharing the dataset's memory.
 *
 * @throws InputError unless 0 ≤ count ≤ dataset.length
 */
export function takeLast<D extends Dataset>(dataset: D, count: number): D {
  requireCount('takeLast', dataset, count);
  const { images, labels, length } = dataset;
  const from = length - count;
  return makeDataset({
    ...dataset,
    images: images.subarray(from * pixelsOf(dataset)),
    labels: labels.subarray(from),
  });
}

/**
 * `count` different samples drawn uniformly, in the dataset's own order: a function of dataset,
 * count and seed alone. Classes are balanced by chance only. All of them is the dataset itself.
 *
 * @throws InputError unless 0 ≤ count ≤ dataset.length and the seed is an integer of at least 0
 * @example
 * ```ts
 * subset(small, 5, 42).length; // → 5
 * ```
 */
export function subset<D extends Dataset>(dataset: D, count: number, seed: number): D {
  requireCount('subset', dataset, count);
  requireSeed('subset', 'seed', seed);
  if (count === dataset.length) return dataset;
  const chosen = permutation(dataset.length, generator(seed)).subarray(0, count).sort();
  const pixels = pixelsOf(dataset);
  // Copies of as many, for the arrays' own type.
  const images = firstOf(dataset.images, count * pixels);
  const labels = firstOf(dataset.labels, count);
  chosen.forEach((from, to) => {
    images.set(dataset.images.subarray(from * pixels, (from + 1) * pixels), to * pixels);
    labels[to] = dataset.labels[from]!;
  });
  return makeDataset({ ...dataset, images, labels });
}

/** The first numbers, copied also of a Buffer, whose own `slice` shares its memory. */
function firstOf<A extends Dataset['images'] | Dataset['labels']>(numbers: A, count: number): A {
  return Uint8Array.prototype.slice.call(numbers, 0, count) as A;
}

/** Numbers in one image: C·H·W. */
export function pixelsOf({ imageShape: [channels, height, width] }: Dataset): number {
  return channels * height * width;
}

const LARGEST_BYTE = 255;

/** What a batch divides an image's numbers by: bytes by 255, floats by nothing. */
export function unitOf({ images }: Dataset): number {
  return types.isUint8Array(images) ? LARGEST_BYTE : 1;
}

function requireCount(where: string, dataset: Dataset, count: number): void {
  requireInteger(where, 'count', count, 0);
  if (count > dataset.length) {
    throw new InputError(
      `${where}: count must be at most ${dataset.length}, the samples of ${dataset.name}, ` +
        `got ${count}`,
    );
  }
}
