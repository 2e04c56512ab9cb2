import { initialize, type Network } from '../nn';
import type { Datasets } from '../paths';
import {
  disposeBasis,
  evaluateGrid,
  type Grid,
  orthogonalBasis,
  type Plane,
  type PlaneBasis,
  type Rectangle,
} from '../plane';
import { disposeStateDict, type StateDict, scale } from '../weights';
import { drawTelling } from './figures';
import * as mistakes from './mistakes';

/** A grid to be measured, what is right of it, and what a mistake gives. */
export interface Patch extends mistakes.Measured {
  readonly basis: PlaneBasis;
  readonly rectangle: Rectangle;
  readonly grid: Grid;
}

/** Draws a grid whose figures lie far enough from what a mistake gives. */
export async function tellingPatch(
  network: Network,
  datasets: Datasets,
  rectangle: Rectangle,
  seed: number,
): Promise<Patch> {
  return await drawTelling(
    (attempt) => somePatch(network, datasets, rectangle, seed + 3 * attempt),
    (patch) => mistakes.telling(patch, datasets),
    disposePatch,
  );
}

/** How far out the points of a plane lie: there the losses of images differ most, so means of few tell. */
const FAR = 8;

function somePlane(network: Network, seed: number): PlaneBasis {
  const inits = [3, 4, 5].map((n) => initialize(network, seed + n));
  const [w1, w2, theta] = inits.map((w) => scale(FAR, w)) as [StateDict, StateDict, StateDict];
  const basis = orthogonalBasis(w1, w2, theta);
  disposeStateDict(...inits, w2, theta);
  return basis;
}

/** A grid of which only what is right is known. */
export async function plainPatch(
  network: Network,
  datasets: Datasets,
  rectangle: Rectangle,
  seed: number,
): Promise<Patch> {
  const basis = somePlane(network, seed);
  const grid = await evaluateGrid(network, basis, rectangle, datasets);
  return { basis, rectangle, grid, right: listsOf(grid), wrong: mistakes.NO_MISTAKES };
}

async function somePatch(
  network: Network,
  datasets: Datasets,
  rectangle: Rectangle,
  seed: number,
): Promise<Patch> {
  const patch = await plainPatch(network, datasets, rectangle, seed);
  const { basis, grid, right } = patch;
  const listsOn = async (plane: Plane, some: Datasets) =>
    listsOf(await evaluateGrid(network, plane, rectangle, some));
  const exchanged = await listsOn({ ...basis, u: basis.v, v: basis.u }, datasets);
  const wrong = await mistakes.mistakesOf(datasets, right, (some) => listsOn(basis, some));
  const more = mistakes.quantities.map((one) => [
    one,
    {
      ...wrong[one],
      [`the ${mistakes.QUANTITIES[one]} with û and v̂, or a and b, exchanged`]: exchanged[one],
      [`the ${mistakes.QUANTITIES[one]} from the last b to the first`]: [...grid[one]]
        .reverse()
        .flat(),
      [`the ${mistakes.QUANTITIES[one]} from the last a to the first`]: grid[one].flatMap((row) =>
        [...row].reverse(),
      ),
    },
  ]);
  return { ...patch, wrong: Object.fromEntries(more) };
}

export function disposePatch({ basis }: Patch): void {
  disposeBasis(basis);
  disposeStateDict(basis.origin);
}

const listsOf = (grid: Pick<Grid, mistakes.Quantity>) =>
  Object.fromEntries(
    mistakes.quantities.map((one) => [one, grid[one].flat()]),
  ) as unknown as mistakes.Lists;
