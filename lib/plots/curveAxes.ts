import { extent } from '../extent';
import { rounded } from './numbers';

/** The axis of losses that can be drawn: a log axis, or one that begins at 0. */
export function lossAxis(title: string, losses: readonly number[], log: boolean) {
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
export function accuracyDomain(accuracies: readonly number[]): [number, number] {
  if (accuracies.length === 0) return [0, 1];
  const low = Math.min(1, extent(accuracies)[0]);
  const spread = 1 - low;
  const from = spread > 0.3 ? 0 : low - Math.max(0.05 * spread, 0.001);
  return [rounded(from), rounded(1 + 0.03 * (1 - from))];
}

/** An interval that is not empty. */
export function widened(low: number, high: number): [number, number] {
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}
