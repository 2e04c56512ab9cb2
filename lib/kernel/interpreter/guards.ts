import { AWAIT, FOR_AWAIT, STEP } from '../given';
import { hearInterrupt, interrupted } from './interrupts';
import { eachOrStop, interruption, orStop, type Stop } from './stop';

/**
 * Offers the functions that awaits and loops of cells pass through, where an interrupt ends them.
 *
 * @param stop that of the cell to which the code running now belongs
 */
export function installGuards(stop: () => Stop): void {
  const guards = {
    [AWAIT]: (value: unknown) => orStop(value, stop()),
    [FOR_AWAIT]: (values: AsyncIterable<unknown>) => eachOrStop(values, stop()),
    [STEP]: () => {
      if (!interrupted()) return;
      hearInterrupt();
      throw interruption();
    },
  };
  for (const [name, value] of Object.entries(guards)) {
    // Not to be seen where a cell looks at what is global.
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
