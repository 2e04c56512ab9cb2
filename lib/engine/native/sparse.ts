import { types } from 'node:util';
import { type Dataset, pixelsOf } from '../../data/dataset';
import { InputError } from '../../errors';
import { countInk, fillInk } from './ink';
import { arena, bytesAt, floats, integers, shortsAt } from './memory';

/** A dataset in the shared memory, as assembly/sparse.ts describes it: a copy, with what it holds. */
export interface SparseDataset {
  readonly address: number;
  readonly samples: number;
  readonly pixels: number;
  readonly largestLabel: number;
}

/** Numbers that a layer takes and gives of an image. */
export interface Ends {
  readonly inputs: number;
  readonly outputs: number;
}

const copies = new WeakMap<Dataset, SparseDataset>();
/** By the copy, not by the dataset: an evaluator may outlive the dataset that it was made for. */
const freed = new FinalizationRegistry<() => void>((release) => release());

const LARGEST_BYTE = 255;

/** Whether the kernels have anything for a dataset: bytes that a batch divides by 255, no more. */
export function isSparse({ images, normalisation }: Dataset): boolean {
  return types.isUint8Array(images) && normalisation === undefined;
}

/**
 * The copy of a dataset: of each image the pixels that are not 0. It stays as long as the dataset
 * or somebody who holds it.
 *
 * @throws InputError when the kernels would read beyond the first or last layer
 */
export function sparseDataset(
  dataset: Dataset,
  { layers }: { readonly layers: readonly Ends[] },
): SparseDataset {
  const copy = copies.get(dataset) ?? makeCopy(dataset);
  const { samples, pixels, largestLabel } = copy;
  const [{ inputs }, { outputs }] = [layers[0]!, layers.at(-1)!];
  if (samples !== dataset.length || pixels !== inputs || largestLabel >= outputs) {
    throw new InputError(
      `dataset ${dataset.name} was first used with ${samples} images of ${pixels} pixels and ` +
        `labels up to ${largestLabel}, now it has ${dataset.length} for ${inputs} inputs and ` +
        `${outputs} outputs; make another dataset instead of changing this one`,
    );
  }
  return copy;
}

function makeCopy(dataset: Dataset): SparseDataset {
  const { images, labels, length } = dataset;
  const pixels = pixelsOf(dataset);
  const own = arena();
  try {
    const count = countInk(images, length * pixels);
    const offsetsAt = own.reserve(4 * (length + 1));
    const columnsAt = own.reserve(2 * count);
    const valuesAt = own.reserve(count);
    // A tile's labels are read four at a time.
    const labelsAt = own.reserve(length + 4);
    const tableAt = own.reserve(4 * (LARGEST_BYTE + 1));
    const address = own.reserve(4 * 6);
    fillInk(images, length, pixels, {
      offsets: integers(offsetsAt, length + 1),
      columns: shortsAt(columnsAt, count),
      values: bytesAt(valuesAt, count),
    });
    const ownLabels = bytesAt(labelsAt, length);
    ownLabels.set(labels.subarray(0, length));
    floats(tableAt, LARGEST_BYTE + 1).set(
      Float32Array.from({ length: LARGEST_BYTE + 1 }, (_, byte) => byte / LARGEST_BYTE),
    );
    integers(address, 6).set([offsetsAt, columnsAt, valuesAt, labelsAt, tableAt, length]);
    const largestLabel = ownLabels.reduce((largest, label) => Math.max(largest, label), 0);
    const copy = { address, samples: length, pixels, largestLabel };
    copies.set(dataset, copy);
    freed.register(copy, own.release);
    return copy;
  } catch (error) {
    own.release();
    throw error;
  }
}
