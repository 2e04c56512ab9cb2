import { requireFinite, requireInteger } from '../errors';

/**
 * `count` equally spaced numbers from start to stop, both included: start + (stop − start)·i/(n−1).
 * One number is start alone. The last is `stop` exactly.
 */
export function linspace(start: number, stop: number, count: number): number[] {
  requireFinite('linspace', 'start', start);
  requireFinite('linspace', 'stop', stop);
  requireInteger('linspace', 'count', count, 1);
  if (count === 1) return [start];
  const last = count - 1;
  return Array.from({ length: count }, (_, i) =>
    i === last ? stop : start + ((stop - start) * i) / last,
  );
}
