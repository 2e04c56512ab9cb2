import { initialize, type Network } from '../nn';
import { type Datasets, evaluatePath, line, type PathFigures } from '../paths';
import { disposeStateDict, equal, linearCombination, type StateDict } from '../weights';
import { askingOfEach, type Check, check, type Judge, withFields } from './check';
import { compareFigures, drawTelling } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import {
  type Lists,
  type Measured,
  mistakesOf,
  NO_MISTAKES,
  QUANTITIES,
  type Quantity,
  quantities,
  telling,
  toleranceOf,
} from './mistakes';
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

/** Where the two lines are measured; what is right of one is wrong of the other. */
const TS = [
  [0.3, 1.5, 0, 1],
  [0.8, 0.1],
] as const;

/** A line to be measured, what is right of it, and what a mistake gives. */
interface Line extends Measured {
  readonly a: StateDict;
  readonly b: StateDict;
  readonly ts: number[];
}

/**
 * Task 1.2: which points the four lines join, and the figures along a line. Both are tried on
 * points that the notebook does not have, so nothing needs to be trained for it.
 *
 * @param network the network whose state dicts are tried
 * @param datasets what the figures are to be measured on
 * @param endsOfModes the student's function that pairs the points
 * @param evaluateOnLine the student's function that measures a line
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const mnist = await loadMnist();
 * const some = { train: take(mnist.train, 1000), test: take(mnist.test, 500) };
 * const net = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 16 });
 * const { findings } = await checkLines(
 *   net,
 *   some,
 *   ([m1, m2], [i1, i2]) => ({
 *     linear_combination_of_two_minima: [m1, m2],
 *     linear_combination_of_minimum_and_init: [m1, i1],
 *     linear_combination_of_minimum_and_random: [m1, i2],
 *     linear_combination_of_two_randoms: [i1, i2],
 *   }),
 *   (from, to, ts) => evaluatePath(net, line(from, to), ts, some),
 * );
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
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
  const given = points.map((point) => ({ ...point }));
  const joins = (mode: string, pairs: readonly string[]) => () => {
    const ends = withFields(endsOfModes([m1, m2], [i1, i2]), mode)[mode];
    return joinsOneOf(pairs, ends, points);
  };
  const lines = await drawTelling(
    (attempt) => twoLines(network, datasets, seed + 2 * attempt),
    ([first]) => telling(first!, datasets),
    (drawn) => disposeStateDict(...drawn.flatMap(({ a, b }) => [a, b])),
  );
  try {
    const changed = watch({
      'the state dicts': [points, lines.map(({ a, b }) => [a, b])],
      ts: lines.map(({ ts }) => ts),
    });
    const measured = askingOfEach(lines, ({ a, b, ts }) => evaluateOnLine(a, b, ts));
    const shows = (quantity: Quantity) => async () => {
      for (const [k, figures] of (await measured()).entries()) {
        const { right, wrong } = lines[k]!;
        const hint = compareFigures(
          withFields(figures, quantity)[quantity],
          right[quantity],
          wrong[quantity],
          (i) => `at t = ${TS[k]![i]}`,
          toleranceOf(quantity, datasets),
        );
        if (hint !== undefined) return k === 0 ? hint : `on a second line, ${hint}`;
      }
      return undefined;
    };
    const judges: Record<string, Judge> = {};
    for (const [mode, pairs] of Object.entries(PAIRS)) {
      judges[`${mode} joins the right points`] = joins(mode, pairs);
    }
    for (const quantity of quantities) {
      judges[`the ${QUANTITIES[quantity]} along a line are those of its points`] = shows(quantity);
    }
    return await check(
      { task: '1.2', name: 'checkLines' },
      { ...judges, [AS_BEFORE]: leavesAsBefore(changed) },
    );
  } finally {
    disposeStateDict(...given, ...lines.flatMap(({ a, b }) => [a, b]));
  }
}

/** Nothing where the ends are one of the pairs of points, by their places; else a hint. */
function joinsOneOf(
  pairs: readonly string[],
  ends: unknown,
  points: readonly StateDict[],
): string | undefined {
  if (!Array.isArray(ends)) return `expected two state dicts, [at t = 1, at t = 0], got ${ends}`;
  const [one, zero] = ends.map((end) => points.findIndex((point) => equal(point, end)));
  if (pairs.includes(`${one} ${zero}`)) return undefined;
  const told = (i?: number) =>
    NAMES[i ?? -1] ?? 'none of the points given (the check has its own: use minima and inits)';
  return `t = 1 is ${told(one)} and t = 0 is ${told(zero)}: look at the table of modes again`;
}

/** How far out the nets of a line lie: there the losses of images differ most, so means of few tell. */
const FAR = 8;

/** A line through two nets far apart in loss, and back. */
async function twoLines(network: Network, datasets: Datasets, seed: number): Promise<Line[]> {
  const [x, y] = [3, 4].map((n) => initialize(network, seed + n)) as [StateDict, StateDict];
  const ends = () => ({
    a: linearCombination([FAR], [x]),
    b: linearCombination([0.5, FAR / 2], [x, y]),
  });
  const [there, back] = [ends(), ends()];
  disposeStateDict(x, y);
  const [ts, otherTs] = TS;
  const on = (at: readonly number[], some: Datasets) =>
    evaluatePath(network, line(there.a, there.b), at, some);
  const listsOf = (figures: PathFigures, from = 0) =>
    Object.fromEntries(
      quantities.map((one) => [one, figures[one].slice(from, from + ts.length)]),
    ) as unknown as Lists;
  // Both ways at once, as it is the same line.
  const both = await on([...ts, ...ts.map((t) => 1 - t)], datasets);
  const [right, backwards] = [listsOf(both), listsOf(both, ts.length)];
  const wrong = await mistakesOf(datasets, right, async (some) => listsOf(await on(ts, some)));
  const sorted = ts.map((_, i) => i).sort((i, j) => ts[i]! - ts[j]!);
  const more = quantities.map((one) => [
    one,
    {
      ...wrong[one],
      [`the ${QUANTITIES[one]} in the order of growing t, not in that of ts`]: sorted.map(
        (i) => right[one][i]!,
      ),
      [`the ${QUANTITIES[one]} at 1 − t: which end belongs to t = 0?`]: backwards[one],
    },
  ]);
  return [
    { ...there, ts: [...ts], right, wrong: Object.fromEntries(more) },
    {
      ...{ a: back.b, b: back.a, ts: [...otherTs] },
      right: await evaluatePath(network, line(back.b, back.a), otherTs, datasets),
      wrong: NO_MISTAKES,
    },
  ];
}
