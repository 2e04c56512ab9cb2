import { InputError } from '../errors';
import { initialize, type Network } from '../nn';
import type { Datasets } from '../paths';
import {
  disposeBasis,
  evaluateGrid,
  type Grid,
  type GridOptions,
  orthogonalBasis,
  type Plane,
  type PlaneBasis,
  type Rectangle,
} from '../plane';
import { disposeStateDict, type StateDict, scale } from '../weights';
import { asking, type Check, check, withFields } from './check';
import { asList, type Candidates, compareFigures, drawTelling, EXACT, told } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import {
  type Lists,
  NO_MISTAKES,
  QUANTITIES,
  type Quantity,
  quantities,
  telling,
  toleranceOf,
  withMistakes,
} from './mistakes';

/** Task 2.4's function: the figures on a rectangle of a plane. */
export type EvaluateOnPlane = (
  plane: Plane,
  rectangle: Rectangle,
  options: GridOptions,
) => Promise<Grid>;

/** Sides of different lengths; the second one is turned, on another plane. */
const RECTANGLES: readonly [Rectangle, Rectangle] = [
  { aRange: [-0.5, 1], bRange: [0, 0.8], nx: 3, ny: 2 },
  { aRange: [0.2, 0.7], bRange: [-0.4, 1.1], nx: 2, ny: 4 },
];

type Rows = readonly (readonly number[])[];

/** A grid to be measured, what is right of it, and what a mistake gives. */
interface Patch {
  readonly basis: PlaneBasis;
  readonly rectangle: Rectangle;
  readonly grid: Grid;
  readonly right: Lists;
  readonly wrong: Readonly<Record<Quantity, Candidates>>;
}

/**
 * Task 2.4: the figures on small grids of other planes, whose sides differ.
 *
 * @param network the network that is evaluated
 * @param datasets what the figures are to be measured on
 * @param answer the student's function
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const mnist = await loadMnist();
 * const some = { train: take(mnist.train, 1000), test: take(mnist.test, 500) };
 * const net = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 16 });
 * const { findings } = await checkPlane(net, some, (plane, rectangle, options) =>
 *   evaluateGrid(net, plane, rectangle, some, options),
 * );
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkPlane(
  network: Network,
  datasets: Datasets,
  answer: EvaluateOnPlane,
  seed = 1,
): Promise<Check> {
  const patches: Patch[] = [];
  try {
    const [first, second] = RECTANGLES;
    const drawn = await drawTelling(
      (attempt) => somePatch(network, datasets, first, seed + 3 * attempt),
      (patch) => telling(patch, datasets),
      disposePatch,
    );
    patches.push(drawn, await plainPatch(network, datasets, second, seed + 1));
    const given = patches.map(({ basis: { origin, u, v }, rectangle }) => ({
      plane: { origin: { ...origin }, u: { ...u }, v: { ...v } },
      rectangle: structuredClone(rectangle),
    }));
    const changed = watch({
      'the plane': given.map(({ plane }) => plane),
      'the rectangle': given.map(({ rectangle }) => rectangle),
    });
    let asked: Promise<unknown>[] | undefined;
    const grids = async () => {
      if (asked === undefined) {
        asked = [];
        for (const { plane, rectangle } of given) {
          const options = asked.length === 0 ? {} : { onPoint: () => undefined };
          const grid = asking(() => answer(plane, rectangle, options));
          asked.push(grid);
          await grid;
        }
      }
      return (await Promise.all(asked)) as Grid[];
    };
    /** The first hint on any of the grids. */
    const onEach = async (judge: (grid: Grid, patch: Patch) => string | undefined) => {
      for (const [k, grid] of (await grids()).entries()) {
        const hint = judge(grid, patches[k]!);
        if (hint !== undefined) return k === 0 ? hint : `on a second plane, ${hint}`;
      }
      return undefined;
    };
    const shows =
      (...some: Quantity[]) =>
      () =>
        onEach((grid, { grid: { as, bs }, right, wrong }) => {
          for (const quantity of some) {
            const rows = rowsOf(grid, quantity);
            const turned = isTurned(rows, as, bs);
            const list = turned ? bs.map((_, j) => as.map((_, i) => rows[i]![j])) : rows;
            const hint = compareFigures(
              list.flat(),
              right[quantity],
              wrong[quantity],
              (n) => `at a = ${as[n % as.length]}, b = ${bs[Math.floor(n / as.length)]}`,
              toleranceOf(quantity, datasets),
            );
            if (hint !== undefined) return some.length > 1 ? `${quantity}: ${hint}` : hint;
          }
          return undefined;
        });
    return await check('2.4', {
      'a row for each b, in it a number for each a': () =>
        onEach((grid, { grid: { as, bs } }) => {
          for (const quantity of ['trainLoss', 'testLoss'] as const) {
            const rows = rowsOf(grid, quantity);
            if (rows.length !== bs.length || rows.some((row) => row.length !== as.length)) {
              return (
                `for ${as.length} values of a and ${bs.length} of b there are ${rows.length} rows of ` +
                `${rows[0]?.length ?? 0}${isTurned(rows, as, bs) ? ': which loop is the outer one?' : ''}`
              );
            }
            if (new Set(rows.flat().map(Number)).size <= 1) return 'all of them are the same';
          }
          return undefined;
        }),
      'as and bs say where they stand': () =>
        onEach((grid, { grid: { as, bs } }) => {
          const places = withFields(grid, 'as', 'bs');
          return (
            compareFigures(places.as, as, { bs: bs }, (i) => `in as[${i}]`, EXACT, PLACES) ??
            compareFigures(places.bs, bs, { as: as }, (i) => `in bs[${i}]`, EXACT, PLACES)
          );
        }),
      'the train losses are those of the points w₁ + a·û + b·v̂': shows('trainLoss'),
      'so are the test losses': shows('testLoss'),
      'so are both accuracies': shows('trainAcc', 'testAcc'),
      [AS_BEFORE]: leavesAsBefore(changed),
    });
  } finally {
    for (const patch of patches) disposePatch(patch);
  }
}

const PLACES = { these: 'these are', wanted: 'with both ends of the range among them it is' };

function rowsOf(grid: Grid, quantity: Quantity): Rows {
  const given = withFields(grid, quantity)[quantity] as unknown;
  const rows = Array.isArray(given) ? given.map(asList) : given;
  if (Array.isArray(rows) && rows.every(Array.isArray)) return rows as Rows;
  const got = Array.isArray(rows) ? 'a list of other things' : told(given);
  throw new InputError(
    `expected ${quantity} as a list of rows, each a list of numbers, got ${got}`,
  );
}

const isTurned = (rows: Rows, as: readonly number[], bs: readonly number[]) =>
  rows.length === as.length &&
  rows.every((row) => row.length === bs.length) &&
  as.length !== bs.length;

/** How far out the points of a plane lie: there the losses of images differ most, so means of few tell. */
const FAR = 8;

function somePlane(network: Network, seed: number): PlaneBasis {
  const inits = [3, 4, 5].map((n) => initialize(network, seed + n));
  const points = inits.map((w, i) => scale((FAR * (i + 1)) / 3, w));
  const [w1, w2, theta] = points as [StateDict, StateDict, StateDict];
  const basis = orthogonalBasis(w1, w2, theta);
  disposeStateDict(...inits, w2, theta);
  return basis;
}

/** A grid of which only what is right is known. */
async function plainPatch(
  network: Network,
  datasets: Datasets,
  rectangle: Rectangle,
  seed: number,
): Promise<Patch> {
  const basis = somePlane(network, seed);
  const grid = await evaluateGrid(network, basis, rectangle, datasets);
  return { basis, rectangle, grid, right: listsOf(grid), wrong: NO_MISTAKES };
}

async function somePatch(
  network: Network,
  datasets: Datasets,
  rectangle: Rectangle,
  seed: number,
): Promise<Patch> {
  const patch = await plainPatch(network, datasets, rectangle, seed);
  const { basis, grid } = patch;
  const listsOn = async (plane: Plane, some: Datasets) =>
    listsOf(await evaluateGrid(network, plane, rectangle, some));
  const exchanged = await listsOn({ ...basis, u: basis.v, v: basis.u }, datasets);
  const { right, wrong } = await withMistakes(datasets, async (some) =>
    some === datasets ? patch.right : await listsOn(basis, some),
  );
  const more = quantities.map((one) => [
    one,
    {
      ...wrong[one],
      [`the ${QUANTITIES[one]} with û and v̂, or a and b, exchanged`]: exchanged[one],
      [`the ${QUANTITIES[one]} from the last b to the first`]: [...grid[one]].reverse().flat(),
      [`the ${QUANTITIES[one]} from the last a to the first`]: grid[one].flatMap((row) =>
        [...row].reverse(),
      ),
    },
  ]);
  return { ...patch, right, wrong: Object.fromEntries(more) };
}

function disposePatch({ basis }: Patch): void {
  disposeBasis(basis);
  disposeStateDict(basis.origin);
}

const listsOf = (grid: Pick<Grid, Quantity>) =>
  Object.fromEntries(quantities.map((one) => [one, grid[one].flat()])) as unknown as Lists;
