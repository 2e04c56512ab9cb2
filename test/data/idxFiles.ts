/** The bytes of an IDX file of unsigned bytes, put together by the format's description. */
export function idxBytes(dimensions: readonly number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 0x08;
  header[3] = dimensions.length;
  dimensions.forEach((size, k) => void header.writeUInt32BE(size, 4 + 4 * k));
  return Buffer.concat([header, Uint8Array.from(values)]);
}
