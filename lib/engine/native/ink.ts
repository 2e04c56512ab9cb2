/** The pixels of images that are not 0, image by image, as assembly/sparse.ts reads them. */
export interface Ink {
  /** Where each image's pixels begin, and behind the last where they end. */
  readonly offsets: Int32Array;
  readonly columns: Uint16Array;
  readonly values: Uint8Array;
}

/** How many of the first `bytes` bytes are not 0. */
export function countInk(images: ArrayLike<number>, bytes: number): number {
  let count = 0;
  for (let i = 0; i < bytes; i++) if (images[i] !== 0) count++;
  return count;
}

/** Writes the ink of `length` images of so many pixels; the views have room for just that. */
export function fillInk(
  images: ArrayLike<number>,
  length: number,
  pixels: number,
  { offsets, columns, values }: Ink,
): void {
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
}
