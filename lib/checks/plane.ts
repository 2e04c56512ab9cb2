import { InputError } from '../errors';
import type { Network } from '../nn';
import type { Datasets } from '../paths';
import type { Grid, GridOptions, Plane, Rectangle } from '../plane';
import { askingOfEach, type Check, check, withFields } from './check';
import { asList, compareFigures, EXACT, told } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { type Quantity, toleranceOf } from './mistakes';
import { disposePatch, type Patch, plainPatch, tellingPatch } from './patches';

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
    patches.push(await tellingPatch(network, datasets, first, seed));
    patches.push(await plainPatch(network, datasets, second, seed + 1));
    return await judged(patches, datasets, answer);
  } finally {
    for (const patch of patches) disposePatch(patch);
  }
}

async function judged(
  patches: readonly Patch[],
  datasets: Datasets,
  answer: EvaluateOnPlane,
): Promise<Check> {
  const given = patches.map(({ basis: { origin, u, v }, rectangle }) => ({
    plane: { origin: { ...origin }, u: { ...u }, v: { ...v } },
    rectangle: structuredClone(rectangle),
  }));
  const changed = watch({
    'the plane': given.map(({ plane }) => plane),
    'the rectangle': given.map(({ rectangle }) => rectangle),
  });
  const grids = askingOfEach(given, ({ plane, rectangle }, k) =>
    answer(plane, rectangle, k === 0 ? {} : { onPoint: () => undefined }),
  );
  /** The first hint on any of the grids. */
  const onEach = (judge: (grid: Grid, patch: Patch) => string | undefined) => async () => {
    for (const [k, grid] of (await grids()).entries()) {
      const hint = judge(grid, patches[k]!);
      if (hint !== undefined) return k === 0 ? hint : `on a second plane, ${hint}`;
    }
    return undefined;
  };
  const shows = (quantity: Quantity) => (grid: Grid, patch: Patch) =>
    compareRows(grid, patch, quantity, datasets);
  return await check(
    { task: '2.4', name: 'checkPlane' },
    {
      'a row for each b, in it a number for each a': onEach(hasRows),
      'as and bs say where they stand': onEach(standsWhere),
      'the train losses are those of the points w₁ + a·û + b·v̂': onEach(shows('trainLoss')),
      'so are the test losses': onEach(shows('testLoss')),
      'so are both accuracies': onEach((grid, patch) => {
        for (const quantity of ['trainAcc', 'testAcc'] as const) {
          const hint = shows(quantity)(grid, patch);
          if (hint !== undefined) return `${quantity}: ${hint}`;
        }
        return undefined;
      }),
      [AS_BEFORE]: leavesAsBefore(changed),
    },
  );
}

function hasRows(grid: Grid, { grid: { as, bs } }: Patch): string | undefined {
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
}

const PLACES = { these: 'these are', wanted: 'with both ends of the range among them it is' };

function standsWhere(grid: Grid, { grid: { as, bs } }: Patch): string | undefined {
  const places = withFields(grid, 'as', 'bs');
  return (
    compareFigures(places.as, as, { bs: bs }, (i) => `in as[${i}]`, EXACT, PLACES) ??
    compareFigures(places.bs, bs, { as: as }, (i) => `in bs[${i}]`, EXACT, PLACES)
  );
}

function compareRows(
  grid: Grid,
  { grid: { as, bs }, right, wrong }: Patch,
  quantity: Quantity,
  datasets: Datasets,
): string | undefined {
  const rows = rowsOf(grid, quantity);
  const turned = isTurned(rows, as, bs);
  const list = turned ? bs.map((_, j) => as.map((_, i) => rows[i]![j])) : rows;
  return compareFigures(
    list.flat(),
    right[quantity],
    wrong[quantity],
    (n) => `at a = ${as[n % as.length]}, b = ${bs[Math.floor(n / as.length)]}`,
    toleranceOf(quantity, datasets),
  );
}

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
