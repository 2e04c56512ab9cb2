import type { Grid, PlanePoint } from '../plane';
import { rounded } from './numbers';

/**
 * Sides of the picture in pixels: the longer one is 440, or more where that leaves less than 120
 * for the shorter one, but never over 900. A single row or column is a band of 120.
 */
const LONG_SIDE = 440;
const SHORT_SIDE = 120;
const LONGEST_SIDE = 900;

/** One axis of the grid, as it is drawn. */
export interface PlaneAxis {
  readonly count: number;
  readonly first: number;
  readonly step: number;
  readonly domain: readonly [number, number];
  /** Length in weight space; 0 for a single row or column. */
  readonly span: number;
}

/** Where the plane lies on the page: its axes, and its sides in pixels. */
export interface PlanePicture {
  readonly x: PlaneAxis;
  readonly y: PlaneAxis;
  readonly width: number;
  readonly height: number;
}

/** The picture of a grid, whose axes are in units of |û| and |v̂|. */
export function planePicture(
  { as, bs }: Pick<Grid, 'as' | 'bs'>,
  { u, v }: { readonly u: number; readonly v: number },
): PlanePicture {
  const [x, y] = [planeAxis(as, u), planeAxis(bs, v)];
  return { x, y, ...pictureSize(x.span, y.span) };
}

/** Whether it is a single row or column, drawn as a band. */
export function isBand({ x, y }: PlanePicture): boolean {
  return x.count === 1 || y.count === 1;
}

/** Whether a point is in the picture. */
export function isInside({ a, b }: PlanePoint, { x, y }: PlanePicture): boolean {
  return onAxis(a, x) && onAxis(b, y);
}

function planeAxis(values: readonly number[], length: number): PlaneAxis {
  const [first, last] = [values[0]!, values.at(-1)!];
  if (values.length === 1) {
    return { count: 1, first, step: 0, domain: [first - 0.5, first + 0.5], span: 0 };
  }
  const step = (last - first) / (values.length - 1);
  const domain: [number, number] = first < last ? [first, last] : [last, first];
  return { count: values.length, first, step, domain, span: Math.abs(last - first) * length };
}

/** One tick for so many pixels or about; for a single row or column, its own place alone. */
export function planeTicks({ count, first }: PlaneAxis, pixels: number, pixelsATick: number) {
  if (count === 1) return { values: [first], format: '.3~g' };
  return { tickCount: Math.max(2, Math.round(pixels / pixelsATick)), labelOverlap: true };
}

/** The same number of pixels for a unit of weight space both ways; see `LONG_SIDE`. */
function pictureSize(across: number, up: number): { width: number; height: number } {
  const [short, long] = across < up ? [across, up] : [up, across];
  if (long === 0) return { width: SHORT_SIDE, height: SHORT_SIDE };
  const roomy = short === 0 ? 0 : Math.min(SHORT_SIDE / short, LONGEST_SIDE / long);
  const scale = Math.max(LONG_SIDE / long, roomy);
  const side = (span: number) => (span === 0 ? SHORT_SIDE : Math.max(1, Math.round(scale * span)));
  return { width: side(across), height: side(up) };
}

/**
 * The grid as `isocontour` takes it. Its contours have value (i, j) at (i + ½, j + ½), so scale
 * and translate put that on the pixel of (as[i], bs[j]). A single row or column is doubled, the
 * copies on the two edges of its band.
 */
export function isocontourGrid(heights: readonly number[], { x, y, width, height }: PlanePicture) {
  const columns = x.count === 1 ? [0, 0] : Array.from({ length: x.count }, (_, i) => i);
  const rows = y.count === 1 ? [0, 0] : Array.from({ length: y.count }, (_, j) => j);
  const dx = (x.step < 0 ? -1 : 1) * (width / (columns.length - 1));
  const dy = (y.step < 0 ? 1 : -1) * (height / (rows.length - 1));
  return {
    width: columns.length,
    height: rows.length,
    values: rows.flatMap((j) => columns.map((i) => rounded(heights[j * x.count + i]!))),
    scale: [dx, dy],
    translate: [(dx > 0 ? 0 : width) - dx / 2, (dy > 0 ? 0 : height) - dy / 2],
  };
}

/** Whether a coordinate is in the picture; of a single row or column, whether it is the very one. */
function onAxis(value: number, { count, first, domain: [low, high] }: PlaneAxis): boolean {
  return count === 1 ? Math.abs(value - first) <= 1e-9 : value >= low && value <= high;
}
