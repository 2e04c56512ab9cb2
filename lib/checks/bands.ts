import type { DataFrame } from 'danfojs-node';
import type { LabSize } from '../notebook/lab';
import { summaryFrame } from '../tables';

/** What other reproductions report, on all of MNIST. Losses in nats. Bands, not answers. */
const BANDS = {
  'train accuracy at a minimum': [1, 1, 'MIPT lab 2019, and runs of it'],
  'train loss at a minimum': [1e-5, 1e-3, 'a run of the lab with Adam: about 1e-4'],
  'test accuracy at a minimum': [0.975, 0.98, 'a run of the lab with Adam'],
  'between minima: largest train loss': [0.8, 1.5, 'PyTorch with SGD, a run with Adam'],
  'initialisation to minimum: train loss at t = 0.4': [0.05, 0.2, 'a run with Adam: about 0.1'],
  'between initialisations: largest train loss': [2.3, 2.34, 'a run with Adam'],
  'chain: largest train loss': [0.005, 0.02, 'PyTorch with SGD: 0.0095 on 30 points'],
  'chain: mean train loss': [0.002, 0.01, 'PyTorch with SGD: 0.0054 while training'],
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
