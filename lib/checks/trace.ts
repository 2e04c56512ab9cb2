import type { StateDict } from '../weights';

/**
 * What is left of an init in weights: Σ √n · r over the weight tensors, by the square root of
 * their number, with r the correlation of their n entries. Of an init that the weights do not
 * come from it is N(0, 1), about.
 */
export function trace(weights: StateDict, init: StateDict): number {
  const names = Object.keys(init).filter((name) => init[name]!.shape.length > 1);
  const sum = names.reduce((total, name) => {
    const [x, y] = [weights[name]!.dataSync(), init[name]!.dataSync()];
    return total + Math.sqrt(x.length) * correlation(x, y);
  }, 0);
  return sum / Math.sqrt(names.length);
}

function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < n; i++) {
    sumX += x[i]!;
    sumY += y[i]!;
  }
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i]! - sumX / n, y[i]! - sumY / n];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
