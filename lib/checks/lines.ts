import { initialize, type Network } from '../nn';
import { type Datasets, evaluatePath, line, type PathFigures } from '../paths';
import { disposeStateDict, equal, linearCombination, type StateDict } from '../weights';
import { asking, type Check, check, type Judge, withFields } from './check';
import { compareFigures, requireVaried } from './figures';
import { randomPoints } from './points';

/** The ends of each of Task 1.2's lines, by its name: where t = 1 is and where t = 0 is. */
export type EndsOfModes = (
  minima: StateDict[],
  inits: StateDict[],
) => Readonly<Record<string, readonly [atOne: StateDict, atZero: StateDict]>>;

/** Loss and accuracy at each t of the line through a (t = 1) and b (t = 0). */
export type EvaluateOnLine = (a: StateDict, b: StateDict, ts: number[]) => Promise<PathFigures>;

const NAMES = ['minimum 1', 'minimum 2', 'initialisation 1', 'initialisation 2'] as const;

/** The pairs that each mode may join, by their places in NAMES. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  linear_combination_of_two_minima: ['0 1', '1 0'],
  linear_combination_of_minimum_and_init: ['0 2', '1 3'],
  linear_combination_of_minimum_and_random: ['0 3', '1 2'],
  linear_combination_of_two_randoms: ['2 3', '3 2'],
};

const TS = [0, 0.3, 1, 1.5];
const QUANTITIES = {
  trainLoss: 'train losses',
  testLoss: 'test losses',
  trainAcc: 'train accuracies',
  testAcc: 'test accuracies',
} as const;

/**
 * Task 1.2: which points the four lines join, and the figures along a line. Both are tried on
 * points that the notebook does not have, so nothing needs to be trained for it.
 */
export async function checkLines(
  network: Network,
  datasets: Datasets,
  endsOfModes: EndsOfModes,
  evaluateOnLine: EvaluateOnLine,
  seed = 1,
): Promise<Check> {
  const points = randomPoints(4, seed);
  const [m1, m2, i1, i2] = points as [StateDict, StateDict, StateDict, StateDict];
  const joins = (mode: string, pairs: readonly string[]) => () => {
    const ends = withFields(endsOfModes([m1, m2], [i1, i2]), mode)[mode];
    if (!Array.isArray(ends)) return `expected two state dicts, [at t = 1, at t = 0], got ${ends}`;
    const [one, zero] = ends.map((end) => points.findIndex((point) => equal(point, end)));
    if (pairs.includes(`${one} ${zero}`)) return undefined;
    const told = (i?: number) =>
      NAMES[i ?? -1] ?? 'none of the points given (the check has its own: use minima and inits)';
    return `t = 1 is ${told(one)} and t = 0 is ${told(zero)}: look at the table of modes again`;
  };
  // Far apart in loss, so that no two figures agree by chance.
  const [x, y] = [3, 4].map((n) => initialize(network, seed + n)) as [StateDict, StateDict];
  const [a, b] = [linearCombination([3], [x]), linearCombination([0.5, 1.5], [x, y])];
  try {
    const right = await evaluatePath(network, line(a, b), TS, datasets);
    const reversed = await evaluatePath(network, line(b, a), TS, datasets);
    requireVaried(right.trainLoss);
    let measured: Promise<PathFigures> | undefined;
    const shows = (quantity: keyof typeof QUANTITIES) => async () => {
      measured ??= asking(() => evaluateOnLine(a, b, TS));
      const others = Object.fromEntries([
        ...Object.entries(QUANTITIES).map(([name, words]) => [
          `the ${words}`,
          right[name as keyof typeof QUANTITIES],
        ]),
        [`the ${QUANTITIES[quantity]} at 1 − t: which end belongs to t = 0?`, reversed[quantity]],
      ]);
      return compareFigures(
        withFields(await measured, quantity)[quantity],
        right[quantity],
        others,
        (i) => `at t = ${TS[i]}`,
      );
    };
    const judges: Record<string, Judge> = {};
    for (const [mode, pairs] of Object.entries(PAIRS)) {
      judges[`${mode} joins the right points`] = joins(mode, pairs);
    }
    for (const quantity of Object.keys(QUANTITIES) as (keyof typeof QUANTITIES)[]) {
      judges[`the ${QUANTITIES[quantity]} along a line are those of its points`] = shows(quantity);
    }
    return await check('1.2', judges);
  } finally {
    disposeStateDict(...points, x, y, a, b);
  }
}
