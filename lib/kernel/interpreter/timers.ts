import { promisify } from 'node:util';
import type { Stop } from './stop';

type Callback = (...args: unknown[]) => void;
type Timer = (callback: Callback, ...rest: unknown[]) => NodeJS.Timeout;

/**
 * Replaces the global `setTimeout` and `setInterval` by ones whose callbacks do nothing any more
 * once the cell that set them was stopped, so that no work goes on in the background.
 */
export function stoppableTimers(current: () => Stop | undefined): void {
  const timers = globalThis as unknown as Record<'setTimeout' | 'setInterval', Timer>;
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = timers[name];
    const stoppable: Timer = (callback, ...rest) => {
      // What is no function is refused by the original, in its own words.
      if (typeof callback !== 'function') return original(callback, ...rest);
      const stop = current();
      const timer = original(
        (...args) => {
          if (stop?.signal.aborted) clearInterval(timer);
          else callback.apply(timer, args);
        },
        ...rest,
      );
      return timer;
    };
    const custom = Reflect.get(original, promisify.custom);
    if (custom !== undefined) Reflect.set(stoppable, promisify.custom, custom);
    timers[name] = stoppable;
  }
}
