import { type Dataset, pixelsOf } from '../../data/dataset';
import { bytesAt, floats, integers, release, reserve, shortsAt } from './memory';

/**
 * A dataset in the shared memory, as assembly/sparse.ts describes it: of each image the pixels that
 * are not 0. It stays there as long as the dataset lives.
 */

const addresses = new WeakMap<Dataset, number>();
const freed = new FinalizationRegistry<readonly number[]>((parts) => parts.forEach(release));

const LARGEST_BYTE = 255;

/** The address of a dataset's description. */
export function sparseDataset(dataset: Dataset): number {
  const known = addresses.get(dataset);
  if (known !== undefined) return known;
  const { images, labels, length } = dataset;
  const pixels = pixelsOf(dataset);
  let count = 0;
  for (let i = 0; i < images.length; i++) if (images[i] !== 0) count++;
  const parts = [
    reserve(4 * (length + 1)),
    reserve(2 * count),
    reserve(count),
    // A tile's labels are read four at a time.
    reserve(length + 4),
    reserve(4 * (LARGEST_BYTE + 1)),
    reserve(4 * 6),
  ] as const;
  const [offsetsAt, columnsAt, valuesAt, labelsAt, tableAt, address] = parts;
  const offsets = integers(offsetsAt, length + 1);
  const columns = shortsAt(columnsAt, count);
  const values = bytesAt(valuesAt, count);
  let to = 0;
  for (let i = 0; i < length; i++) {
    offsets[i] = to;
    for (let k = 0, at = i * pixels; k < pixels; k++, at++) {
      const value = images[at]!;
      if (value === 0) continue;
      columns[to] = k;
      values[to++] = value;
    }
  }
  offsets[length] = to;
  bytesAt(labelsAt, length).set(labels);
  floats(tableAt, LARGEST_BYTE + 1).set(
    Float32Array.from({ length: LARGEST_BYTE + 1 }, (_, byte) => byte / LARGEST_BYTE),
  );
  integers(address, 6).set([offsetsAt, columnsAt, valuesAt, labelsAt, tableAt, length]);
  addresses.set(dataset, address);
  freed.register(dataset, parts);
  return address;
}
