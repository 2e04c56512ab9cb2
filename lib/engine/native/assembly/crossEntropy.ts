import { exp4, sum4, VECTOR } from './math';
import { Sparse } from './sparse';

/** What is added up, of an epoch or of one sample. */
@unmanaged
export class Totals {
  loss: f64;
  correct: f64;
}

export const TOTALS_BYTES: usize = offsetof<Totals>();

/**
 * The loss of logits z, `classes` of `stride` numbers a row, and d = (softmax(z) − onehot)/n; rows
 * beyond n get 0. Of all rows [first, last). Losses and right answers are added to `totals`, or, with a
 * `step` of bytes, each sample's to its own.
 */
export function crossEntropy(
  data: Sparse, indices: usize, n: u32, rows: u32, classes: u32, stride: u32,
  z: usize, d: usize, totals: Totals,
  first: u32 = 0, last: u32 = rows, step: usize = 0,
): void {
  const share: f32 = 1 / (n as f32);
  for (let s = first; s < min(last, n); s++) {
    const own = changetype<Totals>(changetype<usize>(totals) + (s as usize) * step);
    const row = z + (((s * stride) as usize) << 2);
    const to = d + (((s * stride) as usize) << 2);
    const label = load<u8>(data.labels + load<u32>(indices + ((s as usize) << 2))) as u32;
    const winner = winnerOf(row, classes);
    const top = load<f32>(row + ((winner as usize) << 2));
    const losing = top - load<f32>(row + ((label as usize) << 2));
    const shift = f32x4.splat(top);
    for (let c: usize = 0; c < (stride as usize) << 2; c += VECTOR) {
      v128.store(to + c, exp4(f32x4.sub(v128.load(row + c), shift)));
    }
    // The winner's 1 is left out of the sum, so that a small rest is not lost beside it.
    store<f32>(to + ((winner as usize) << 2), 0);
    for (let c = classes; c < stride; c++) store<f32>(to + ((c as usize) << 2), 0);
    // NaN where the top is infinite, which then is the loss.
    let rest: f32 = top - top;
    for (let c: usize = 0; c < (stride as usize) << 2; c += VECTOR) rest += sum4(v128.load(to + c));
    own.loss += NativeMath.log1p(rest as f64) + (losing as f64);
    if (winner == label) own.correct += 1;
    const scale = f32x4.splat(share / (1 + rest));
    for (let c: usize = 0; c < (stride as usize) << 2; c += VECTOR) {
      v128.store(to + c, f32x4.mul(v128.load(to + c), scale));
    }
    store<f32>(to + ((winner as usize) << 2), share / (1 + rest));
    const at = to + ((label as usize) << 2);
    // For a sample that is right, p − 1 = −rest/(1 + rest) without cancellation.
    store<f32>(at, winner == label ? -share * (rest / (1 + rest)) : load<f32>(at) - share);
  }
  const beyond = max(first, n);
  if (beyond >= last) return;
  memory.fill(d + (((beyond * stride) as usize) << 2), 0, (((last - beyond) * stride) as usize) << 2);
}

/** Which of a row's classes is the largest: of equals the first, and NaN above all. */
export function winnerOf(row: usize, classes: u32): u32 {
  let winner: u32 = 0;
  let top = load<f32>(row);
  for (let c: u32 = 1; c < classes && top == top; c++) {
    const value = load<f32>(row + ((c as usize) << 2));
    if (!(value <= top)) {
      top = value;
      winner = c;
    }
  }
  return winner;
}

/** Adds the totals of `n` samples to those of a pass, one after the other. */
export function addUp(each: usize, n: u32, totals: Totals): void {
  for (let s: usize = 0; s < n; s++) {
    const one = changetype<Totals>(each + s * TOTALS_BYTES);
    totals.loss += one.loss;
    totals.correct += one.correct;
  }
}
