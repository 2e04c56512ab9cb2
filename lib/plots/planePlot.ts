import { InputError } from '../errors';
import type { PlanePoint, TrainGrid } from '../plane';
import { lossUnit, wrapped } from './names';
import { counted, readable } from './numbers';
import { isBand, isInside, type PlanePicture, planePicture } from './planeAxes';
import { planeData, type Quantity, quantitiesOf, requireGrid } from './planeData';
import { planeGuides } from './planeGuides';
import { type LabelledPoint, planeMarks } from './planeMarks';
import { accuracyRelief, lossRelief, type Relief } from './relief';
import { type PlotOptions, type PlotSpec, VEGA } from './spec';
import { AXIS, CARD, TITLE } from './theme';

/** What a plane's picture shows besides the grid. */
export interface PlanePlotOptions extends PlotOptions {
  /** The chain, if there is one, in plane coordinates: its points are joined in order. */
  readonly chain?: readonly PlanePoint[];
  /** Points to mark and name. */
  readonly points: readonly LabelledPoint[];
  /** |û| and |v̂|: with them a unit of weight space is as long across as it is up. */
  readonly lengths: { readonly u: number; readonly v: number };
  readonly quantity?: Quantity;
  /** Losses above this share one colour; by default nine tenths of the cells lie below it. */
  readonly clip?: number;
}

const NAMES: Readonly<Record<Quantity, string>> = {
  trainLoss: 'train loss',
  testLoss: 'test loss',
  trainAcc: 'train accuracy',
  testAcc: 'test accuracy',
};

/**
 * The loss (or accuracy) on the plane as filled contours, with the chain as a line and the given
 * points marked. The legend tells which loss it is, as the grid has it (`lossName`). Levels of loss are log-spaced from the valley's floor (2 % of the cells lie at or
 * below it) up to `clip`; between grid points log loss is taken as linear. Dark is low loss, or
 * high accuracy. Both axes have the same scale in weight space. A pointer over a cell shows its
 * figures.
 *
 * A single row or column is drawn as a band; cells without a finite value are grey.
 *
 * @param grid what `evaluateGrid` returned
 * @param options what is drawn over it, and which of the four figures is shown
 * @throws InputError on a grid that is empty, ragged or unevenly spaced, or without what is asked for, on lengths that are not
 *   positive, or on a clip that is not positive or given for an accuracy
 * @example
 * ```ts
 * const basis = orthogonalBasis(w1, w2, theta);
 * const grid = await evaluateGrid(network, basis, { aRange: [-1, 2], bRange: [-1, 2], nx: 4, ny: 4 }, datasets);
 * const points = [{ a: 0, b: 0, label: 'w₁' }];
 * await display(planePlot(grid, { points, lengths: basis.lengths, quantity: 'trainLoss' }));
 * disposeBasis(basis);
 * ```
 */
export function planePlot(grid: TrainGrid, options: PlanePlotOptions): PlotSpec {
  const { points, lengths, quantity = 'trainLoss' } = options;
  requireGrid(grid);
  requireLengths(lengths);
  const name = NAMES[quantity];
  const relief = reliefOf(grid, quantity, options.clip);
  const picture = planePicture(grid, lengths);
  // The chain leaves a single row or column at once, so it is no part of a band.
  const chain = isBand(picture) ? [] : (options.chain ?? []);
  const shown = points.filter((point) => isInside(point, picture));
  const notes = notesOn(picture, chain, points.length - shown.length, relief);
  const title = options.title ?? `${name[0]!.toUpperCase()}${name.slice(1)} on the plane`;
  const marked = shown.map(({ label }) => label).join(', ') || 'no point';
  return {
    $schema: VEGA,
    description: options.description ?? `${title}: ${relief.summary}; marked: ${marked}.`,
    ...CARD,
    width: picture.width,
    height: picture.height,
    title: { ...TITLE, text: title, subtitle: [relief.note, notes].filter((line) => line !== '') },
    config: { axis: AXIS },
    data: planeData(grid, picture, relief, chain, shown),
    ...planeGuides(picture, lengths, relief, legendTitle(grid, quantity)),
    marks: planeMarks(picture, relief, quantitiesOf(grid), lossUnit(grid)),
  };
}

/** Characters of a legend's line; Vega cuts off longer ones. */
const LEGEND_WIDTH = 22;

/** A legend is narrow: the name of another loss has lines of its own. */
function legendTitle({ lossName }: TrainGrid, quantity: Quantity): string | string[] {
  const name = NAMES[quantity];
  if (!isLoss(quantity)) return name;
  return lossName === undefined
    ? `${name} (nats)`
    : [`${name}:`, ...wrapped(lossName, LEGEND_WIDTH).split('\n')];
}

function isLoss(quantity: Quantity): boolean {
  return quantity === 'trainLoss' || quantity === 'testLoss';
}

function reliefOf(grid: TrainGrid, quantity: Quantity, clip: number | undefined): Relief {
  const rows = grid[quantity];
  if (rows === undefined) {
    const there = quantitiesOf(grid).join(', ');
    throw new InputError(`planePlot: the grid has no ${quantity}, only ${there}; name one of them`);
  }
  if (isLoss(quantity)) return lossRelief(rows, clip, lossUnit(grid));
  if (clip === undefined) return accuracyRelief(rows);
  throw new InputError(`planePlot: clip is for losses; leave it out for ${quantity}`);
}

/** What a reader must know of the picture beside its levels, in one line. */
function notesOn(
  { x, y }: PlanePicture,
  chain: readonly PlanePoint[],
  outside: number,
  { grey }: Relief,
): string {
  return [
    ...(chain.length > 0 ? ['white line: the chain'] : []),
    ...(x.count === 1 ? [`only a = ${readable(x.first)}`] : []),
    ...(y.count === 1 ? [`only b = ${readable(y.first)}`] : []),
    ...(outside > 0 ? [`${counted(outside, 'point')} outside the picture`] : []),
    ...(grey > 0 ? [`grey: ${counted(grey, 'cell')} not finite`] : []),
  ].join('; ');
}

function requireLengths({ u, v }: { readonly u: number; readonly v: number }): void {
  if (!(u > 0 && v > 0 && Number.isFinite(u + v))) {
    throw new InputError(
      `planePlot: lengths must be |û| and |v̂|, both above 0, got u = ${u} and v = ${v}`,
    );
  }
}
