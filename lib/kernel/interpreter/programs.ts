import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { hearInterrupt, interruptedUnheard, programBegins, programHasEnded } from './interrupts';
import { interruption } from './stop';

/** Node's functions that wait for a program, which keeps the cells' thread from all else. */
const WAITING = ['execFileSync', 'execSync', 'spawnSync'] as const;

/**
 * Has an interrupt end a program that a cell waits for also where it comes just before the program is
 * there to hear it.
 */
export function interruptPrograms(): void {
  for (const name of WAITING) {
    Object.assign(childProcess, { [name]: new Proxy(childProcess[name], { apply }) });
  }
  syncBuiltinESMExports();
}

function apply(wait: (...given: never[]) => unknown, self: unknown, given: unknown[]): unknown {
  programBegins();
  try {
    // In a `finally` block, by which a cell tidies up, programs run.
    if (interruptedUnheard()) {
      hearInterrupt();
      throw interruption();
    }
    return Reflect.apply(wait, self, given);
  } finally {
    programHasEnded();
  }
}
