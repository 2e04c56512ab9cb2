import { types } from 'node:util';
import { InputError, requireInteger } from '../errors';
import { generator, permutation, requireSeed } from '../random';
import { sizeOf } from '../shape';

/** Labelled images held as they come from the file, a byte a pixel; shared, never written to. */
export interface Dataset {
  readonly name: string;
  /** length·C·H·W bytes, row-major. */
  readonly images: Uint8Array;
  /** One class a sample, in {0, …, classes − 1}. */
  readonly labels: Uint8Array;
  readonly imageShape: readonly [channels: number, height: number, width: number];
  /** How many samples there are; 0 is an empty dataset. */
  readonly length: number;
  readonly classes: number;
}

/**
 * A dataset of the given arrays, which it keeps without copying.
 *
 * @param parts all of a dataset but its length
 * @throws InputError when images and labels disagree in number, or a label is no class
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
export function makeDataset(parts: Omit<Dataset, 'length'>): Dataset {
  const { name, images, labels, imageShape, classes } = parts;
  requireBytes(parts);
  const pixels = sizeOf(imageShape);
  if (images.length !== labels.length * pixels) {
    throw new InputError(
      `dataset ${name}: expected as many images as labels, ${labels.length} of ${pixels} bytes ` +
        `each, got ${images.length / pixels} images; take both from the same set`,
    );
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new InputError(
      `dataset ${name}: every label must be less than ${classes}, the number of classes, got ` +
        `${labels[wrong]} at position ${wrong}; check that the labels belong to this set`,
    );
  }
  return { ...parts, length: labels.length };
}

/** @throws InputError unless images and labels are bytes: pixels from 0 to 255, classes from 0 */
export function requireBytes({ name, images, labels }: Omit<Dataset, 'length'>): void {
  for (const [what, values] of Object.entries({ images, labels })) {
    if (types.isUint8Array(values)) continue;
    const got = (values as object | undefined)?.constructor?.name ?? String(values);
    throw new InputError(
      `dataset ${name}: ${what} must be a Uint8Array, a byte a number (pixels from 0 to 255), got ` +
        `${got}; convert them`,
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
export function take(dataset: Dataset, count: number): Dataset {
  requireCount('take', dataset, count);
  const { images, labels } = dataset;
  const bytes = count * pixelsOf(dataset);
  return makeDataset({
    ...dataset,
    images: images.subarray(0, bytes),
    labels: labels.subarray(0, count),
  });
}

/**
 * The last `count` samples, sharing the dataset's memory.
 *
 * @throws InputError unless 0 ≤ count ≤ dataset.length
 */
export function takeLast(dataset: Dataset, count: number): Dataset {
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
export function subset(dataset: Dataset, count: number, seed: number): Dataset {
  requireCount('subset', dataset, count);
  requireSeed('subset', 'seed', seed);
  if (count === dataset.length) return dataset;
  const chosen = permutation(dataset.length, generator(seed)).subarray(0, count).sort();
  const pixels = pixelsOf(dataset);
  const images = new Uint8Array(count * pixels);
  const labels = new Uint8Array(count);
  chosen.forEach((from, to) => {
    images.set(dataset.images.subarray(from * pixels, (from + 1) * pixels), to * pixels);
    labels[to] = dataset.labels[from]!;
  });
  return makeDataset({ ...dataset, images, labels });
}

/** Numbers in one image: C·H·W. */
export function pixelsOf({ imageShape: [channels, height, width] }: Dataset): number {
  return channels * height * width;
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
