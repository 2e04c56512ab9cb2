import { draw, set } from './dom';

/** The part of a chart's picture that is left to the curves. */
const LEFT = 52;
const RIGHT = 460;
const TOP = 30;

interface ChartOptions {
  /** The picture's height, 480 being its width. */
  readonly height: number;
  readonly title: string;
  readonly across: string;
  /** Whether the numbers that go up are logarithms to the base of ten. */
  readonly log: boolean;
}

/** A chart of some curves, with axes that follow what is drawn. */
export function makeChart(svg: Element, { height, title, across, log }: ChartOptions) {
  const bottom = height - 38;
  const axes = draw(svg, 'g', { 'font-size': 13 });
  const curves = draw(svg, 'g', { fill: 'none', 'stroke-width': 2.5, 'stroke-linejoin': 'round' });
  return {
    /** Draws the axes for x from 0 to `most` and for heights from `low` to `high`; gives the scales. */
    frame(most: number, low: number, high: number) {
      axes.replaceChildren();
      const x = (value: number) => LEFT + (value / most) * (RIGHT - LEFT);
      const y = (value: number) => bottom - ((value - low) / (high - low || 1)) * (bottom - TOP);
      for (const tick of log ? decades(low, high) : evenTicks(low, high)) {
        rule(axes, LEFT, y(tick), RIGHT, y(tick));
        const text = log ? String(Number((10 ** tick).toPrecision(3))) : String(tick);
        const place = { x: LEFT - 6, y: y(tick), dy: '0.33em', 'text-anchor': 'end' };
        draw(axes, 'text', place, text);
      }
      for (const tick of evenTicks(0, most)) {
        draw(axes, 'text', { x: x(tick), y: bottom + 17, 'text-anchor': 'middle' }, String(tick));
      }
      draw(axes, 'text', { x: RIGHT, y: bottom + 33, 'text-anchor': 'end' }, across);
      draw(axes, 'text', { x: 0, y: 13 }, title);
      return { x, y };
    },
    /** A curve whose points can be set. */
    curve(colour: string, dashes = 'none') {
      const line = draw(curves, 'polyline', {
        style: `stroke:var(${colour})`,
        'stroke-dasharray': dashes,
      });
      return (points: readonly (readonly [x: number, y: number])[]) =>
        set(line, { points: points.map((p) => p.map((c) => c.toFixed(1)).join()).join(' ') });
    },
  };
}

function rule(parent: Element, x1: number, y1: number, x2: number, y2: number): void {
  draw(parent, 'line', { x1, y1, x2, y2, style: 'stroke:var(--line)' });
}

/** 1, 2 and 5 within a decade where there are few decades, else the decades alone. */
function decades(low: number, high: number): number[] {
  const steps = high - low < 1.3 ? [1, 2, 5] : [1];
  const first = Math.floor(low);
  return Array.from({ length: Math.ceil(high) - first + 1 }, (_, k) => first + k)
    .flatMap((decade) => steps.map((step) => decade + Math.log10(step)))
    .filter((tick) => tick >= low && tick <= high);
}

/** Four to eight round numbers. */
function evenTicks(low: number, high: number): number[] {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span));
  const step = [0.1, 0.2, 0.5, 1, 2].map((s) => s * power).find((s) => span / s <= 6)!;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(6)),
  );
}
