import { linspace } from '../../lib/paths';
import type { PlanePlotOptions, PlotSpec } from '../../lib/plots';
import { chain, gridOf, lengths, points } from './samples';

export const options: PlanePlotOptions = { chain, points, lengths };

/** A bowl with a floor: loss 0.001 at (0.5, 0.5), growing with the distance. */
export const bowl = (a: number, b: number) => 0.001 + 3 * ((a - 0.5) ** 2 + (b - 0.5) ** 2);
export const small = gridOf(linspace(-0.5, 1.5, 5), linspace(-0.2, 1.2, 4), bowl);

type Ring = readonly (readonly [x: number, y: number])[];

interface Contour {
  readonly contour: { readonly value: number; readonly coordinates: readonly Ring[][] };
}

/** What Vega makes of a plot: its contours in plane coordinates, by the plot's own scales. */
export async function drawn(spec: PlotSpec) {
  const { parse, View } = await import('vega');
  const view = await new View(parse(spec as never), { renderer: 'none' }).runAsync();
  const [x, y] = [view.scale('x'), view.scale('y')];
  const contours = (view.data('contours') as Contour[]).map(({ contour }) => ({
    value: contour.value,
    rings: contour.coordinates
      .flat()
      .map((ring) =>
        ring.map(([px, py]) => ({ a: x.invert(px) as number, b: y.invert(py) as number })),
      ),
  }));
  const cells = view.data('cells') as { a: number; b: number; trainLoss: number | string }[];
  view.finalize();
  return { contours, cells };
}

export const thresholds = (spec: PlotSpec) =>
  (spec.scales as { name: string; domain: number[] }[]).find(({ name }) => name === 'colour')!
    .domain;

export const subtitle = (spec: PlotSpec) =>
  (spec.title as { subtitle: string[] }).subtitle.join('\n');
