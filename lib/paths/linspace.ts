import { requireFinite, requireInteger } from '../errors';

/**
 * `count` equally spaced numbers from start to stop, both included: start + (stop − start)·i/(n−1).
 * One number is start alone. The last is `stop` exactly.
 *
 * @throws InputError when start or stop is not finite, or count no integer of at least 1
 * @example
 * ```ts
 * linspace(0, 1, 5); // → [ 0, 0.25, 0.5, 0.75, 1 ]
 * ```
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
