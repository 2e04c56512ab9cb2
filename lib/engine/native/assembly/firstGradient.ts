import { splat, VECTOR } from './math';
import { PAIR } from './pairs';

@inline
function bump(p: usize, lane: usize, v: v128, d: v128): void {
  v128.store(p + lane * VECTOR, f32x4.add(v128.load(p + lane * VECTOR), f32x4.mul(v, d)));
}

/**
 * g += Σ x·d over the pixels of `n` images as pairs: the gradient of the weights into a panel of neurons,
 * laid out as these are. `row` bytes are from an image's d to the next one's. Image by image, as an
 * order by pixel takes as long to make as it saves.
 */
export function firstLayerGradient(
  pairs: usize, step: usize, ends: usize, n: u32, d: usize, row: usize, g: usize,
): void {
  for (let s: usize = 0; s < n; s++, d += row, pairs += step) {
    const end = load<u32>(ends + (s << 2)) as usize;
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const d2 = v128.load(d, 32);
    const d3 = v128.load(d, 48);
    for (let p = pairs; p < end; p += PAIR) {
      const v = splat(p + 4);
      const q = g + load<u32>(p);
      bump(q, 0, v, d0);
      bump(q, 1, v, d1);
      bump(q, 2, v, d2);
      bump(q, 3, v, d3);
    }
  }
}
