import type { PathFigures } from '../../lib/paths';
import type { Grid } from '../../lib/plane';
import type { HistoryRow } from '../../lib/training';

/** Figures as a function of t on five points up to t = 1.5. */
export function path(loss: (t: number) => number, ts = [0, 0.25, 0.5, 1, 1.5]): PathFigures {
  return {
    ts,
    trainLoss: ts.map(loss),
    trainAcc: ts.map((t) => Math.exp(-loss(t))),
    testLoss: ts.map((t) => loss(t) + 0.1),
    testAcc: ts.map((t) => Math.exp(-loss(t) - 0.1)),
  };
}

/** A hump between two minima. */
export const hump = path((t) => 1e-4 + 1.5 * Math.exp(-(((t - 0.5) / 0.2) ** 2)));
/** A path that stays low. */
export const low = path((t) => 1e-4 + 0.01 * Math.sin(Math.PI * t) ** 2);

export function history(epochs: number, tested: boolean): HistoryRow[] {
  return Array.from({ length: epochs }, (_, k) => {
    const loss = 2.3 * Math.exp(-k);
    const row = { epoch: k + 1, learningRate: 0.1, trainLoss: loss, trainAcc: Math.exp(-loss) };
    return tested ? { ...row, testLoss: loss + 0.1, testAcc: Math.exp(-loss - 0.1) } : row;
  });
}

/** A grid of a function of the plane's coordinates; test losses lie 0.1 higher. */
export function gridOf(as: number[], bs: number[], loss: (a: number, b: number) => number): Grid {
  const fill = (f: (loss: number) => number) => bs.map((b) => as.map((a) => f(loss(a, b))));
  return {
    as,
    bs,
    trainLoss: fill((value) => value),
    trainAcc: fill((value) => Math.exp(-value)),
    testLoss: fill((value) => value + 0.1),
    testAcc: fill((value) => Math.exp(-value - 0.1)),
  };
}

export const lengths = { u: 12.3, v: 8 };
export const points = [
  { a: 0, b: 0, label: 'w₁' },
  { a: 1, b: 0, label: 'w₂' },
  { a: 0.45, b: 1, label: 'θ' },
];
export const chain = [points[0]!, points[2]!, points[1]!].map(({ a, b }) => ({ a, b }));
