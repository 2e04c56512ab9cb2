/**
 * A network of images as numbers in memory: its operations in order, and between them the values,
 * images [height][width][channels] of floats with a border of zeros as wide as the convolutions
 * beside them reach. Channels beyond a layer's own are 0. A vector is an image of one pixel.
 *
 * Images are worked at in blocks of four, so that pixels come in fours as well. What is beyond the
 * batch in its last block is calculated like the rest, and never summed.
 *
 * In loops over pixels places are stepped along and not worked out from an index: what a loop's body
 * alone asks for V8 works out in each round anew, divisions and all.
 */
export const BLOCK: u32 = 4;

@unmanaged
export class Value {
  height: u32;
  width: u32;
  /** A multiple of four; of eight where a convolution or its derivative writes them. */
  channels: u32;
  border: u32;
  /** Where the first image and its derivative are, from the room that the caller gives. */
  values: u32;
  gradients: u32;
}

@unmanaged
export class Operation {
  kind: u32;
  input: Value;
  output: Value;
  /** The side of a kernel or a window. */
  size: u32;
  /** Zeros that a convolution sees before the first row and column. */
  before: u32;
  /** Where its weights are, and its running statistics, from the weights' beginning. */
  weights: u32;
  running: u32;
  /** What it keeps for itself, from the room's beginning. */
  own: u32;
  /** Addresses of tables: the positions of four images' pixels, forward and backward. */
  sources: u32;
  targets: u32;
  backSources: u32;
  backTargets: u32;
}

export const LOAD: u32 = 0;
export const CONVOLVE: u32 = 1;
export const MEASURE: u32 = 2;
export const NORMALISE: u32 = 3;
export const RELU: u32 = 4;
export const MAX_POOL: u32 = 5;
export const AVERAGE_POOL: u32 = 6;
export const DROPOUT: u32 = 7;
export const MOVE: u32 = 8;

const OPERATION_BYTES: usize = offsetof<Operation>();

@inline
export function operation(operations: usize, i: u32): Operation {
  return changetype<Operation>(operations + (i as usize) * OPERATION_BYTES);
}

@inline
export function pixelBytes(v: Value): usize {
  return (v.channels as usize) << 2;
}

@inline
export function rowBytes(v: Value): usize {
  return ((v.width + 2 * v.border) as usize) * pixelBytes(v);
}

@inline
export function imageBytes(v: Value): usize {
  return ((v.height + 2 * v.border) as usize) * rowBytes(v);
}

/** The first pixel of an image. */
@inline
export function valuesAt(room: usize, v: Value, image: u32): usize {
  const border = (v.border as usize) * (rowBytes(v) + pixelBytes(v));
  return room + v.values + (image as usize) * imageBytes(v) + border;
}

@inline
export function gradientsAt(room: usize, v: Value, image: u32): usize {
  return valuesAt(room, v, image) + (v.gradients as usize) - (v.values as usize);
}
