/**
 * The first layer. Most pixels of a digit are 0, so an image is the list of those that are not:
 * columns (u16) and bytes, from offsets[i] to offsets[i + 1]. A byte's value is looked up in a table
 * of 256 floats.
 */

/** What describes a dataset, six numbers in memory. */
@unmanaged
export class Sparse {
  offsets: u32;
  columns: u32;
  bytes: u32;
  labels: u32;
  values: u32;
  length: u32;
}

/** Bytes of a line of the cache. */
const LINE: usize = 64;

/** Reads a byte of each line from the one of `from` on. */
@inline
function fetch(from: usize, to: usize): u32 {
  let kept: u32 = 0;
  for (let p = from & ~(LINE - 1); p < to; p += LINE) kept |= load<u8>(p);
  return kept;
}

/**
 * Reads a byte of each line of a batch's images. They lie anywhere in memory, and of reads that nothing
 * waits for many are under way at once; the layer would wait for each image on its own. What it
 * returns means nothing, but must be kept somewhere, or the reads are left out.
 */
export function fetchImages(data: Sparse, indices: usize, n: u32): u32 {
  let kept: u32 = 0;
  for (let s: usize = 0; s < n; s++) {
    const image = data.offsets + (load<u32>(indices + (s << 2)) << 2);
    const from = load<u32>(image);
    const to = load<u32>(image + 4);
    kept |= fetch(data.columns + (from << 1), data.columns + (to << 1));
    kept |= fetch(data.bytes + from, data.bytes + to);
  }
  return kept;
}
