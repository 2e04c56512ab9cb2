import type { PlanePoint } from '../plane';
import { rounded } from './numbers';
import type { PlaneAxis, PlanePicture } from './planeAxes';
import { POINTER_TARGETS } from './spec';
import { FONT } from './theme';

/** A point with the name it has on the plot: w₁, w₂, θ. */
export interface LabelledPoint extends PlanePoint {
  readonly label: string;
}

const CHAIN = '#ffffff';
const INK = '#111111';
const NOT_FINITE = '#9a9a9a';

/** Pixels that a point's name needs above or below the point. */
const LABEL_ROOM = 30;

/**
 * Everything on the plane, from the ground up; only the points may stand over its edge.
 *
 * @param unit of the losses in words, with a space before it
 */
export function planeMarks(
  { x, y }: PlanePicture,
  { grey }: { readonly grey: number },
  quantities: readonly string[],
  unit: string,
) {
  const marks = [
    contourMark(),
    ...(grey > 0 ? [notFiniteMark(x, y)] : []),
    ...chainMarks(),
    pointerTargets(x, y, quantities, unit),
  ];
  const enter = {
    width: { signal: 'width' },
    height: { signal: 'height' },
    // What lies below every threshold.
    fill: { scale: 'colour', value: -1e9 },
  };
  return [{ type: 'group', clip: true, encode: { enter }, marks }, ...pointMarks()];
}

/** The filled contours, each with a thin line around it. */
function contourMark() {
  return {
    type: 'path',
    from: { data: 'contours' },
    encode: {
      enter: {
        fill: { scale: 'colour', field: 'contour.value' },
        stroke: { value: '#ffffff' },
        strokeOpacity: { value: 0.35 },
        strokeWidth: { value: 0.6 },
      },
    },
    transform: [{ type: 'geopath', field: 'datum.contour' }],
  };
}

/** A rectangle over each cell of a data set: half a step around its grid point. */
function cellMark(
  name: string,
  data: string,
  x: PlaneAxis,
  y: PlaneAxis,
  enter: Record<string, unknown>,
) {
  const size = ({ count }: PlaneAxis, side: string) =>
    count === 1 ? side : `${side} / ${count - 1}`;
  return {
    name,
    type: 'rect',
    from: { data },
    encode: {
      enter: {
        xc: { scale: 'x', field: 'a' },
        yc: { scale: 'y', field: 'b' },
        width: { signal: size(x, 'width') },
        height: { signal: size(y, 'height') },
        ...enter,
      },
    } as Record<string, unknown>,
  };
}

/** Grey over the cells that have no finite value. */
function notFiniteMark(x: PlaneAxis, y: PlaneAxis) {
  const grey = { value: NOT_FINITE };
  return cellMark('not finite', 'notFinite', x, y, { fill: grey, stroke: grey });
}

/** What a cell's figures are called, which they are, and how they are written. */
const TOLD = [
  ['train loss', 'trainLoss', '.4g'],
  ['train accuracy', 'trainAcc', '.5f'],
  ['test loss', 'testLoss', '.4g'],
  ['test accuracy', 'testAcc', '.5f'],
] as const;

/** Unseen rectangles that show a cell's figures under the pointer. */
function pointerTargets(x: PlaneAxis, y: PlaneAxis, quantities: readonly string[], unit: string) {
  const inUnit = (name: string) =>
    unit !== '' && name.endsWith('loss') ? `${name} (${unit.trim()})` : name;
  const tooltip = `{ a: format(datum.a, '.3f'), b: format(datum.b, '.3f'), ${TOLD.filter(
    ([, field]) => quantities.includes(field),
  )
    .map(([name, field, format]) => `'${inUnit(name)}': ${figure(field, format)}`)
    .join(', ')} }`;
  const mark = cellMark(POINTER_TARGETS, 'cells', x, y, {
    fill: { value: 'transparent' },
    tooltip: { signal: tooltip },
  });
  Object.assign(mark.encode, {
    update: { stroke: { value: 'transparent' } },
    hover: { stroke: { value: CHAIN } },
  });
  return mark;
}

function figure(field: string, format: string): string {
  return `isNumber(datum.${field}) ? format(datum.${field}, '${format}') : datum.${field}`;
}

/** A dark line under the white one, so that it shows on any colour. */
function chainMarks() {
  return [
    { stroke: INK, strokeWidth: 3.2 },
    { stroke: CHAIN, strokeWidth: 1.4 },
  ].map(({ stroke, strokeWidth }) => ({
    type: 'line',
    interactive: false,
    from: { data: 'chain' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'a' },
        y: { scale: 'y', field: 'b' },
        stroke: { value: stroke },
        strokeWidth: { value: strokeWidth },
        strokeJoin: { value: 'round' },
        strokeCap: { value: 'round' },
      },
    },
  }));
}

/** Dots, and their names with a halo. */
function pointMarks() {
  const place = { x: { scale: 'x', field: 'a' }, y: { scale: 'y', field: 'b' } };
  const dots = {
    type: 'symbol',
    interactive: false,
    from: { data: 'points' },
    encode: {
      enter: {
        ...place,
        size: { value: 70 },
        fill: { value: CHAIN },
        stroke: { value: INK },
        strokeWidth: { value: 2 },
      },
    },
  };
  const halo = {
    stroke: { value: INK },
    strokeWidth: { value: 4 },
    strokeJoin: { value: 'round' },
  };
  const names = [halo, {}].map((extra) => ({
    type: 'text',
    interactive: false,
    from: { data: 'points' },
    encode: {
      enter: {
        ...place,
        text: { field: 'label' },
        dy: { field: 'dy' },
        align: { value: 'center' },
        baseline: { value: 'middle' },
        font: { value: FONT },
        fontSize: { value: 15 },
        fontWeight: { value: 'bold' },
        fill: { value: CHAIN },
        ...extra,
      },
    },
  }));
  return [dots, ...names];
}

/** Names stand away from the other points, above or below, but inside the picture. */
export function labelPoints(
  points: readonly LabelledPoint[],
  [bottom, top]: readonly [number, number],
  height: number,
) {
  const mean = points.reduce((sum, { b }) => sum + b, 0) / points.length;
  return points.map(({ a, b, label }) => {
    const fromTop = (height * (top - b)) / (top - bottom);
    const above = b >= mean ? fromTop > LABEL_ROOM : fromTop > height - LABEL_ROOM;
    return { a: rounded(a), b: rounded(b), label, dy: above ? -17 : 17 };
  });
}
