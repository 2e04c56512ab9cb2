import type { PlotSpec } from '../../lib/plots';
import { VEGA, VEGA_LITE } from '../../lib/plots/spec';

/** Rows, channels and plots of them that the cases of faults are put together from. */
export const rows = [
  { a: 'x', b: 1, 'c.d': 2, e: { f: [3] } },
  { a: 'y', b: 2, 'c.d': 3, e: { f: [4] } },
];
export const x = { field: 'a', type: 'nominal' };
export const y = { field: 'b', type: 'quantitative' };
export const lite = (view: object): PlotSpec => ({
  $schema: VEGA_LITE,
  data: { values: rows },
  ...view,
});
export const vega = (group: object): PlotSpec => ({
  $schema: VEGA,
  width: 20,
  height: 20,
  ...group,
});
export const of = (field: string) => ({ field, type: 'quantitative' });
