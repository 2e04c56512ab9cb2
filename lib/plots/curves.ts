import { extent } from '../extent';
import { colourChannel, legendName } from './colours';
import { accuracyDomain, lossAxis, widened } from './curveAxes';
import { lossTitle, type Named } from './names';
import { drawable, rounded } from './numbers';
import { type PlotSpec, POINTER_TARGETS, VEGA_LITE } from './spec';
import { VEGA_LITE_CONFIG } from './theme';

/** One curve: y over x, of one name (a mode or a run), measured on train or test. */
export interface Curve extends Named {
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
  const values = curves.flatMap((curve) => drawnValues(curve, layout.logLoss));
  const losses = values.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  const accuracies = values.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
  const gaps = 2 * values.length - losses.length - accuracies.length;
  const why = layout.logLoss ? 'a log axis cannot show' : 'are not finite';
  const subtitle = [
    ...layout.subtitle,
    ...(gaps > 0 ? [`left out: ${gaps} of ${2 * values.length} values that ${why}`] : []),
  ];
  const channels = channelsOf(curves, layout);
  const dots = gaps > 0 || curves.every((curve) => curve.x.length <= MOST_DOTS);
  const panel = (y: Channel) => ({
    width: 300,
    height: 260,
    layer: layers(y, channels, dots, layout),
  });
  return {
    $schema: VEGA_LITE,
    description: layout.description,
    title: { text: layout.title, ...(subtitle.length > 0 ? { subtitle } : {}) },
    data: { values },
    hconcat: [
      panel({
        field: 'loss',
        type: 'quantitative',
        ...lossAxis(lossTitle(curves, layout.logLoss), losses, layout.logLoss),
      }),
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

function drawnValues({ name, set, x, loss, accuracy }: Curve, logLoss: boolean) {
  return x.map((at, i) => ({
    name: legendName(name),
    set,
    x: rounded(at),
    loss: drawable(loss[i]!, logLoss),
    accuracy: drawable(accuracy[i]!, false),
  }));
}

/** An encoding channel of Vega-Lite: a field, and how it is shown. */
interface Channel {
  readonly field: string;
  readonly [option: string]: unknown;
}

/** What both panels share. */
function channelsOf(curves: readonly Curve[], { nameTitle, xTitle, xWhole, rules = [] }: Layout) {
  const sets = SETS.filter((set) => curves.some((curve) => curve.set === set));
  const xs = [...curves.flatMap(({ x }) => x.map(rounded)), ...rules];
  return {
    x: {
      field: 'x',
      type: 'quantitative',
      title: xTitle,
      scale: { domain: widened(...extent(xs)), nice: false },
      axis: { labelFlush: false, ...(xWhole ? { format: 'd', tickMinStep: 1 } : {}) },
    },
    color: colourChannel('name', nameTitle, [...new Set(curves.map(({ name }) => name))]),
    strokeDash: {
      field: 'set',
      type: 'nominal',
      title: 'measured on',
      scale: { domain: sets, range: sets.map((set) => (set === 'train' ? [1, 0] : [5, 3])) },
      legend: { symbolType: 'stroke', symbolStrokeWidth: 2, symbolSize: 400 },
    },
    tooltip: [
      { field: 'name', type: 'nominal', title: nameTitle },
      { field: 'set', type: 'nominal', title: 'measured on' },
      { field: 'x', type: 'quantitative', title: xTitle, format: '~g' },
      { field: 'loss', type: 'quantitative', title: lossTitle(curves), format: '.4g' },
      { field: 'accuracy', type: 'quantitative', title: 'accuracy', format: '.5f' },
    ],
  };
}

/** A panel from the ground up: rules, lines, points. */
function layers(
  y: Channel,
  { x, color, strokeDash, tooltip }: ReturnType<typeof channelsOf>,
  dots: boolean,
  { rules = [] }: Layout,
) {
  return [
    ...rules.map((at) => ({
      data: { values: [{ at }] },
      mark: { type: 'rule', color: '#999', strokeWidth: 1 },
      encoding: { x: { field: 'at', type: 'quantitative' } },
    })),
    {
      mark: { type: 'line', strokeWidth: 1.75, clip: true, aria: false },
      encoding: { x, y, color, strokeDash, detail: { field: 'set' } },
    },
    // Dots say where was measured; where they would run together they only answer the pointer.
    dots
      ? {
          mark: { type: 'point', filled: true, size: 16, opacity: 1, aria: false },
          encoding: { x, y, color, tooltip },
        }
      : {
          // Vega-Lite names scales after layers, so two layers must not have one name.
          name: `${POINTER_TARGETS} ${y.field}`,
          mark: { type: 'point', filled: true, size: 60, opacity: 0, aria: false },
          encoding: { x, y, tooltip },
        },
  ];
}
