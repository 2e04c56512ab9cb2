/** The mean cross-entropy of logits, row-major, and its derivatives by them. */

/** Loss and gradient, (softmax(z) − onehot(y))/n, with the softmax itself. */
export function crossEntropyOf(logits: Float64Array, labels: ArrayLike<number>, classes: number) {
  const n = logits.length / classes;
  const p = new Float64Array(logits.length);
  const d = new Float64Array(logits.length);
  let loss = 0;
  for (let s = 0; s < n; s++) {
    const row = s * classes;
    const z = logits.subarray(row, row + classes);
    let winner = 0;
    for (let c = 1; c < classes; c++) if (z[c]! > z[winner]!) winner = c;
    let rest = 0;
    for (let c = 0; c < classes; c++) if (c !== winner) rest += Math.exp(z[c]! - z[winner]!);
    const label = labels[s]!;
    loss += Math.log1p(rest) + (z[winner]! - z[label]!);
    for (let c = 0; c < classes; c++) {
      p[row + c] = Math.exp(z[c]! - z[winner]!) / (1 + rest);
      d[row + c] = p[row + c]! / n;
    }
    // For a sample that is right p − 1 = −rest/(1 + rest), without cancellation.
    d[row + label] = winner === label ? -rest / (1 + rest) / n : (p[row + label]! - 1) / n;
  }
  return { loss: loss / n, p, d };
}

/**
 * (∂²L/∂z²)·r = (p∘r − p·(p·r))/n, row by row. Since a constant in r changes nothing, that of the
 * likeliest class is taken from it: where p is nearly 1, r − p·r would be rounding alone.
 */
export function timesLossHessian(p: Float64Array, r: Float64Array, classes: number): Float64Array {
  const n = p.length / classes;
  const q = new Float64Array(p.length);
  for (let row = 0; row < p.length; row += classes) {
    let winner = row;
    for (let c = row + 1; c < row + classes; c++) if (p[c]! > p[winner]!) winner = c;
    const level = r[winner]!;
    let mean = 0;
    for (let c = row; c < row + classes; c++) mean += p[c]! * (r[c]! - level);
    for (let c = row; c < row + classes; c++) q[c] = (p[c]! * (r[c]! - level - mean)) / n;
  }
  return q;
}
