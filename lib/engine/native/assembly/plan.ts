/**
 * A fully connected network as numbers in memory: how many dense layers, which nonlinearity
 * between them, then for each layer from the pixels on its width and its width rounded up to a
 * multiple of four (the pixels' own number stays).
 *
 * Its weights are one vector of floats: for each dense layer the matrix, [inputs][outputs] in
 * padded widths, then the bias.
 */
@unmanaged
export class Plan {
  layers: u32;
  kind: i32;
}

@inline
export function width(plan: Plan, layer: u32): u32 {
  return load<u32>(changetype<usize>(plan) + 8 + ((layer as usize) << 3));
}

@inline
export function padded(plan: Plan, layer: u32): u32 {
  return load<u32>(changetype<usize>(plan) + 12 + ((layer as usize) << 3));
}

/** Bytes of the matrix that leads to a layer. */
@inline
export function matrixBytes(plan: Plan, layer: u32): usize {
  return ((padded(plan, layer - 1) * padded(plan, layer)) as usize) << 2;
}

/** Bytes of the matrix and the bias that lead to a layer. */
@inline
export function layerBytes(plan: Plan, layer: u32): usize {
  return matrixBytes(plan, layer) + ((padded(plan, layer) as usize) << 2);
}

/** Bytes of all weights from a layer on. */
export function bytesFrom(plan: Plan, layer: u32): usize {
  let bytes: usize = 0;
  for (let l = layer; l <= plan.layers; l++) bytes += layerBytes(plan, l);
  return bytes;
}
