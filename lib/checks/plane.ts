import { InputError } from '../errors';
import { initialize, type Network } from '../nn';
import type { Datasets } from '../paths';
import {
  disposeBasis,
  evaluateGrid,
  type Grid,
  orthogonalBasis,
  type Plane,
  type Rectangle,
} from '../plane';
import { disposeStateDict, type StateDict, scale } from '../weights';
import { asking, type Check, check, withFields } from './check';
import { compareFigures, requireVaried } from './figures';

export type EvaluateOnPlane = (plane: Plane, rectangle: Rectangle) => Promise<Grid>;

const RECTANGLE: Rectangle = { aRange: [-0.5, 1], bRange: [0, 0.8], nx: 3, ny: 2 };

/** Task 2.4: the losses on a small grid of another plane, whose sides differ. */
export async function checkPlane(
  network: Network,
  datasets: Datasets,
  answer: EvaluateOnPlane,
  seed = 1,
): Promise<Check> {
  const inits = [3, 4, 5].map((n) => initialize(network, seed + n));
  const [w1, w2, theta] = inits.map((w, i) => scale(i + 1, w)) as [StateDict, StateDict, StateDict];
  const basis = orthogonalBasis(w1, w2, theta);
  try {
    const right = await evaluateGrid(network, basis, RECTANGLE, datasets);
    const exchanged = { ...basis, u: basis.v, v: basis.u };
    const otherWay = await evaluateGrid(network, exchanged, RECTANGLE, datasets);
    const { as, bs } = right;
    requireVaried(right.trainLoss.flat());
    let measured: Promise<Grid> | undefined;
    const losses = async (set: 'trainLoss' | 'testLoss') => {
      measured ??= asking(() => answer(basis, RECTANGLE));
      const grid = withFields(await measured, set)[set];
      if (!Array.isArray(grid) || !grid.every(Array.isArray)) {
        throw new InputError(`expected ${set} as a list of rows, got ${grid}`);
      }
      return grid as readonly (readonly number[])[];
    };
    const transposed = (grid: readonly (readonly number[])[]) =>
      grid.length === as.length && grid[0]?.length === bs.length;
    const shows = (set: 'trainLoss' | 'testLoss') => async () => {
      const grid = await losses(set);
      const others = {
        'the train losses': right.trainLoss.flat(),
        'the test losses': right.testLoss.flat(),
        'train accuracies': right.trainAcc.flat(),
        'test accuracies': right.testAcc.flat(),
        'the losses with û and v̂, or a and b, exchanged': otherWay[set].flat(),
        'the losses from the last b to the first': [...right[set]].reverse().flat(),
      };
      const rows = transposed(grid) ? bs.map((_, j) => as.map((_, i) => grid[i]![j]!)) : grid;
      return compareFigures(
        rows.flat(),
        right[set].flat(),
        others,
        (k) => `at a = ${as[k % as.length]}, b = ${bs[Math.floor(k / as.length)]}`,
      );
    };
    return await check('2.4', {
      'a row for each b, in it a number for each a': async () => {
        const grid = await losses('trainLoss');
        if (grid.length === bs.length && grid.every((row) => row.length === as.length)) {
          if (new Set(grid.flat().map(Number)).size > 1) return undefined;
          return 'all of them are the same';
        }
        return (
          `for ${as.length} values of a and ${bs.length} of b there are ${grid.length} rows of ` +
          `${grid[0]?.length ?? 0}${transposed(grid) ? ': which loop is the outer one?' : ''}`
        );
      },
      'the train losses are those of the points w₁ + a·û + b·v̂': shows('trainLoss'),
      'so are the test losses': shows('testLoss'),
    });
  } finally {
    disposeBasis(basis);
    disposeStateDict(...inits, w1, w2, theta);
  }
}
