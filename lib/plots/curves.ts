import { extent } from '../extent';
import { colours, legendName } from './colours';
import { rounded } from './numbers';
import { type PlotSpec, POINTER_TARGETS, VEGA_LITE } from './spec';
import { VEGA_LITE_CONFIG } from './theme';

/** One curve: y over x, of one name (a mode or a run), measured on train or test. */
export interface Curve {
  readonly name: string;
  readonly set: 'train' | 'test';
  readonly x: readonly number[];
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
}

interface Layout {
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly description: string;
  /** What the names are, for the legend: `path`, `run`. */
  readonly nameTitle: string;
  readonly xTitle: string;
  /** Whether x counts something, so that its ticks are whole numbers. */
  readonly xWhole?: boolean;
  readonly logLoss: boolean;
  /** Vertical rules at these x. */
  readonly rules?: readonly number[];
}

/** Curves of more points than this are drawn without dots, unless they have gaps. */
const MOST_DOTS = 12;

const SETS = ['train', 'test'];

/**
 * Two panels side by side, loss and accuracy over x; a colour for each name, solid for train and
 * dashed for test. A value that cannot be drawn (NaN, ±∞, or ≤ 0 on a log axis) leaves a gap, and
 * the subtitle counts them.
 */
export function curvesSpec(curves: readonly Curve[], layout: Layout): PlotSpec {
  const names = [...new Set(curves.map(({ name }) => name))];
  const sets = SETS.filter((set) => curves.some((curve) => curve.set === set));
  const drawable = (loss: number) => Number.isFinite(loss) && !(layout.logLoss && loss <= 0);
  const values = curves.flatMap(({ name, set, x, loss, accuracy }) =>
    x.map((at, i) => ({
      name: legendName(name),
      set,
      x: rounded(at),
      loss: drawable(loss[i]!) ? rounded(loss[i]!) : null,
      accuracy: Number.isFinite(accuracy[i]!) ? rounded(accuracy[i]!) : null,
    })),
  );
  const losses = values.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  const accuracies = values.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
  const gaps = 2 * values.length - losses.length - accuracies.length;
  const why = layout.logLoss ? 'a log axis cannot show' : 'are not finite';
  const subtitle = [
    ...layout.subtitle,
    ...(gaps > 0 ? [`left out: ${gaps} of ${2 * values.length} values that ${why}`] : []),
  ];
  const xs = [...values.map(({ x }) => x), ...(layout.rules ?? [])];
  const x = {
    field: 'x',
    type: 'quantitative',
    title: layout.xTitle,
    scale: { domain: widened(...extent(xs)), nice: false },
    axis: { labelFlush: false, ...(layout.xWhole ? { format: 'd', tickMinStep: 1 } : {}) },
  };
  const colour = {
    field: 'name',
    type: 'nominal',
    title: layout.nameTitle,
    scale: { domain: names.map(legendName), range: colours(names) },
    legend: { symbolType: 'stroke', symbolStrokeWidth: 3, symbolSize: 400 },
  };
  const dash = {
    field: 'set',
    type: 'nominal',
    title: 'measured on',
    scale: { domain: sets, range: sets.map((set) => (set === 'train' ? [1, 0] : [5, 3])) },
    legend: { symbolType: 'stroke', symbolStrokeWidth: 2, symbolSize: 400 },
  };
  const tooltip = [
    { field: 'name', type: 'nominal', title: layout.nameTitle },
    { field: 'set', type: 'nominal', title: 'measured on' },
    { field: 'x', type: 'quantitative', title: layout.xTitle, format: '~g' },
    { field: 'loss', type: 'quantitative', title: 'cross-entropy loss (nats)', format: '.4g' },
    { field: 'accuracy', type: 'quantitative', title: 'accuracy', format: '.5f' },
  ];
  const dots = gaps > 0 || curves.every((curve) => curve.x.length <= MOST_DOTS);
  const panel = (y: { readonly field: string; readonly [option: string]: unknown }) => ({
    width: 300,
    height: 260,
    layer: [
      ...(layout.rules ?? []).map((at) => ({
        data: { values: [{ at }] },
        mark: { type: 'rule', color: '#999', strokeWidth: 1 },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      })),
      {
        mark: { type: 'line', strokeWidth: 1.75, clip: true, aria: false },
        encoding: { x, y, color: colour, strokeDash: dash, detail: { field: 'set' } },
      },
      // Dots say where was measured; where they would run together they only answer the pointer.
      dots
        ? {
            mark: { type: 'point', filled: true, size: 16, opacity: 1, aria: false },
            encoding: { x, y, color: colour, tooltip },
          }
        : {
            // Vega-Lite names scales after layers, so two layers must not have one name.
            name: `${POINTER_TARGETS} ${y.field}`,
            mark: { type: 'point', filled: true, size: 60, opacity: 0, aria: false },
            encoding: { x, y, tooltip },
          },
    ],
  });
  return {
    $schema: VEGA_LITE,
    description: layout.description,
    title: { text: layout.title, ...(subtitle.length > 0 ? { subtitle } : {}) },
    data: { values },
    hconcat: [
      panel({ field: 'loss', type: 'quantitative', ...lossAxis(losses, layout.logLoss) }),
      panel({
        field: 'accuracy',
        type: 'quantitative',
        title: 'accuracy',
        scale: { domain: accuracyDomain(accuracies), nice: false },
        axis: { format: '~g' },
      }),
    ],
    config: VEGA_LITE_CONFIG,
  };
}

function lossAxis(losses: readonly number[], log: boolean) {
  const title = `cross-entropy loss (nats${log ? ', log axis' : ''})`;
  if (losses.length === 0) return { title, scale: { domain: [0, 1] } };
  const [low, high] = extent(losses);
  if (log) {
    // A little room on both sides, so that no curve runs on the frame.
    const domain: [number, number] = [rounded(low / 1.25), rounded(high * 1.25)];
    const axis = { values: logTicks(...domain), format: '~g' };
    return { title, scale: { type: 'log', domain, nice: false }, axis };
  }
  // Losses begin at 0; a negative one is no cross-entropy, but is shown all the same.
  return { title, scale: { domain: widened(Math.min(0, low), high), nice: true } };
}

/** Powers of ten, or finer round numbers where there are fewer than three of those. */
function logTicks(low: number, high: number): number[] {
  const decades = Math.ceil(Math.log10(high / low));
  const first = Math.floor(Math.log10(low));
  const ticks = (steps: readonly number[], every: number) =>
    Array.from({ length: decades + 2 }, (_, k) => first + k)
      .filter((exponent) => exponent % every === 0)
      .flatMap((exponent) => steps.map((step) => Number(`${step}e${exponent}`)))
      .filter((tick) => tick >= low && tick <= high);
  const powers = ticks([1], Math.ceil(decades / 8));
  return powers.length >= 3 ? powers : ticks([1, 2, 5], 1);
}

/** Up to 1 and a little over, so that the curve at 1 is not cut; from 0, or closer when all is near 1. */
function accuracyDomain(accuracies: readonly number[]): [number, number] {
  if (accuracies.length === 0) return [0, 1];
  const low = Math.min(1, extent(accuracies)[0]);
  const spread = 1 - low;
  const from = spread > 0.3 ? 0 : low - Math.max(0.05 * spread, 0.001);
  return [rounded(from), rounded(1 + 0.03 * (1 - from))];
}

/** An interval that is not empty. */
function widened(low: number, high: number): [number, number] {
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}
