import type { Network } from '../nn';
import { smallestBatch } from '../nn/network';

/**
 * How many images each batch of a pass over `length` images has that BatchNorm's statistics are
 * made by: a last one that would be alone, and of which there is no variance, goes with the batch
 * before it.
 */
export function batchSizes(network: Network, length: number, batchSize: number): number[] {
  const count = Math.ceil(length / batchSize);
  const sizes = Array.from({ length: count }, (_, i) =>
    Math.min(batchSize, length - i * batchSize),
  );
  if (smallestBatch(network) > 1 && count > 1 && sizes.at(-1) === 1) {
    sizes.splice(-2, 2, batchSize + 1);
  }
  return sizes;
}
