import { otherSet } from '../data';
import type { LabSize } from '../notebook/lab';
import { type Frame, summaryFrame } from '../tables';

const PYTORCH = 'PyTorch 2.15, SGD and Adam: bench/bands.py';

/**
 * Where PyTorch's figures on all of MNIST lie, losses in nats. Bands, not answers. Of the runs in
 * bench/bands.jsonl, mean ± 3 standard deviations of the figure's logarithm with SGD and with Adam,
 * both together: of five runs, that is where 95 % of further ones are expected (Student's t, 2.78 ·
 * √(1 + 1/5) = 3.04). Rounded outwards to three digits; test/checks/bands.test.ts holds them to it.
 */
const BANDS = {
  'train accuracy at a minimum': [1, 1, PYTORCH],
  'train loss at a minimum': [8.61e-5, 0.00045, PYTORCH],
  'test accuracy at a minimum': [0.97, 0.981, PYTORCH],
  'between minima: largest train loss': [0.326, 3.15, PYTORCH],
  'initialisation to minimum: train loss at t = 0.4': [0.0862, 0.151, PYTORCH],
  'between initialisations: largest train loss': [2.29, 2.33, PYTORCH],
  'chain: largest train loss': [0.00817, 0.0124, PYTORCH],
  'chain: mean train loss': [0.00478, 0.00675, PYTORCH],
} as const satisfies Record<string, readonly [low: number, high: number, from: string]>;

/** The figures that `besideBands` has a band for, by their names. */
export type BandName = keyof typeof BANDS;

/**
 * Figures beside what others found, as a table. At the small size the bands are shown and nothing
 * is said of them: they are for all of MNIST. Of another set (`LAB_DATA`) there are none.
 *
 * @param size the size that the lab was opened at
 * @param figures one's own figures; losses in nats, accuracies in [0, 1]
 * @example
 * ```ts
 * besideBands('full', { 'train loss at a minimum': 0.0003 }).values[0]; // → [ 'train loss at a minimum', 0.0003, '0.0000861 – 0.00045', 'within', 'PyTorch 2.15, SGD and Adam: bench/bands.py' ]
 * ```
 */
export function besideBands(
  size: LabSize,
  figures: Partial<Readonly<Record<BandName, number>>>,
): Frame {
  const isOther = otherSet() !== undefined;
  const rows: Record<string, object> = {};
  for (const [name, yours] of Object.entries(figures)) {
    if (yours === undefined) continue;
    const [low, high, from] = BANDS[name as BandName];
    if (isOther) {
      rows[name] = { yours };
      continue;
    }
    rows[name] = {
      yours,
      band: low === high ? String(low) : `${low} – ${high}`,
      place: size === 'small' ? 'a rehearsal: small size' : placeOf(yours, low, high),
      from,
    };
  }
  return summaryFrame(rows);
}

/** Where a figure lies. No training that goes well ends at an infinite loss. */
function placeOf(yours: number, low: number, high: number): string {
  if (Number.isNaN(yours)) return 'not a number';
  if (!Number.isFinite(yours)) return 'not finite: did the loss diverge?';
  const outside = yours < low ? 'below' : yours > high ? 'above' : undefined;
  return outside === undefined ? 'within' : `${outside}, no mistake by itself`;
}
