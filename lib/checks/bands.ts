import type { DataFrame } from 'danfojs-node';
import type { LabSize } from '../notebook/lab';
import { summaryFrame } from '../tables';

/** One run of each, from the seeds 42 and 43: every figure stands in bench/bands.jsonl. */
const PYTORCH = 'PyTorch 2.15, SGD and Adam: bench/bands.py';

/** What PyTorch gives on all of MNIST, rounded outwards. Losses in nats. Bands, not answers. */
const BANDS = {
  'train accuracy at a minimum': [1, 1, PYTORCH],
  'train loss at a minimum': [0.000169, 0.000402, PYTORCH],
  'test accuracy at a minimum': [0.974, 0.98, PYTORCH],
  'between minima: largest train loss': [1.04, 1.94, PYTORCH],
  'initialisation to minimum: train loss at t = 0.4': [0.101, 0.136, PYTORCH],
  'between initialisations: largest train loss': [2.3, 2.31, PYTORCH],
  'chain: largest train loss': [0.01, 0.0103, PYTORCH],
  'chain: mean train loss': [0.00587, 0.00609, PYTORCH],
} as const satisfies Record<string, readonly [low: number, high: number, from: string]>;

export type BandName = keyof typeof BANDS;

/**
 * Figures beside what others found, as a table. At the small size the bands are shown and nothing
 * is said of them: they are for all of MNIST.
 */
export function besideBands(
  size: LabSize,
  figures: Partial<Readonly<Record<BandName, number>>>,
): DataFrame {
  const rows: Record<string, object> = {};
  for (const [name, yours] of Object.entries(figures)) {
    if (yours === undefined) continue;
    const [low, high, from] = BANDS[name as BandName];
    const place =
      yours < low ? 'below' : yours > high ? 'above' : yours >= low ? 'within' : 'not a number';
    rows[name] = {
      yours,
      band: low === high ? String(low) : `${low} – ${high}`,
      place: size === 'small' ? 'a rehearsal: small size' : place,
      from,
    };
  }
  return summaryFrame(rows);
}
