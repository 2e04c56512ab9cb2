import { readable } from './numbers';
import { type PlanePicture, planeTicks } from './planeAxes';
import type { Relief } from './relief';
import { LEGEND } from './theme';

/** Scales of place and colour, axes and legend: what tells where a mark stands and what it means. */
export function planeGuides(
  picture: PlanePicture,
  lengths: { readonly u: number; readonly v: number },
  relief: Relief,
  legendTitle: string | readonly string[],
) {
  return {
    scales: [...placeScales(picture), colourScale(relief)],
    axes: axesOf(picture, lengths),
    legends: relief.thresholds.length === 0 ? [] : [legendOf(relief, legendTitle)],
  };
}

function placeScales({ x, y }: PlanePicture) {
  const exact = { zero: false, nice: false };
  return [
    { name: 'x', domain: x.domain, range: 'width', ...exact },
    { name: 'y', domain: y.domain, range: 'height', ...exact },
  ];
}

function colourScale({ thresholds, darkIsLow }: Relief) {
  const extent = darkIsLow ? [0, 1] : [1, 0];
  const range = { scheme: 'viridis', count: thresholds.length + 1, extent };
  return { name: 'colour', type: 'threshold', domain: thresholds, range };
}

function axesOf(
  { x, y, width, height }: PlanePicture,
  { u, v }: { readonly u: number; readonly v: number },
) {
  return [
    {
      scale: 'x',
      orient: 'bottom',
      title: `a (in units of |û| = ${readable(u)})`,
      ...planeTicks(x, width, 55),
    },
    {
      scale: 'y',
      orient: 'left',
      title: `b (in units of |v̂| = ${readable(v)})`,
      ...planeTicks(y, height, 35),
    },
  ];
}

function legendOf({ label }: Relief, title: string | readonly string[]) {
  return {
    ...LEGEND,
    fill: 'colour',
    title,
    orient: 'right',
    offset: 16,
    gradientLength: { signal: 'max(height - 30, 170)' },
    gradientThickness: 18,
    encode: { labels: { update: { text: { signal: label } } } },
  };
}
