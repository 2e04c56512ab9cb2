import { splat } from './math';

/**
 * Four rows by eight columns of a product of matrices: eight sums, two weights and four numbers are
 * what the registers hold. A row's numbers lie in `lines` stretches of `line` bytes, `next` bytes
 * from one to the next; `w` has eight weights for each number, `step` bytes apart. The sums begin
 * with b0 and b1, and go to q0, q1, q2 and q3.
 */
@inline
export function tile(
  p0: usize, p1: usize, p2: usize, p3: usize,
  lines: u32, line: usize, next: usize,
  w: usize, step: usize,
  b0: v128, b1: v128,
  q0: usize, q1: usize, q2: usize, q3: usize,
): void {
  let x0 = b0, x1 = b0, x2 = b0, x3 = b0;
  let y0 = b1, y1 = b1, y2 = b1, y3 = b1;
  for (let r: u32 = 0; r < lines; r++) {
    for (let at: usize = 0; at < line; at += 4) {
      const w0 = v128.load(w);
      const w1 = v128.load(w, 16);
      const s0 = splat(p0 + at);
      const s1 = splat(p1 + at);
      const s2 = splat(p2 + at);
      const s3 = splat(p3 + at);
      x0 = f32x4.add(x0, f32x4.mul(s0, w0));
      x1 = f32x4.add(x1, f32x4.mul(s1, w0));
      x2 = f32x4.add(x2, f32x4.mul(s2, w0));
      x3 = f32x4.add(x3, f32x4.mul(s3, w0));
      y0 = f32x4.add(y0, f32x4.mul(s0, w1));
      y1 = f32x4.add(y1, f32x4.mul(s1, w1));
      y2 = f32x4.add(y2, f32x4.mul(s2, w1));
      y3 = f32x4.add(y3, f32x4.mul(s3, w1));
      w += step;
    }
    p0 += next;
    p1 += next;
    p2 += next;
    p3 += next;
  }
  storePair(q0, x0, y0);
  storePair(q1, x1, y1);
  storePair(q2, x2, y2);
  storePair(q3, x3, y3);
}

@inline
export function storePair(at: usize, x: v128, y: v128): void {
  v128.store(at, x);
  v128.store(at, y, 16);
}
