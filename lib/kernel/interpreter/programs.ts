import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';
import { hearInterrupt, interruptedUnheard, programBegins, programHasEnded } from './interrupts';
import { interruption } from './stop';

/** Node's functions that wait for a program, which keeps the cells' thread from all else. */
const WAITING = ['execFileSync', 'execSync', 'spawnSync'] as const;
/** Those that do not. */
const STARTING = ['exec', 'execFile', 'fork', 'spawn'] as const;

/**
 * Has an interrupt end a program that a cell starts also where it comes just before the program is
 * there to hear it.
 */
export function interruptPrograms(): void {
  const replace = (name: (typeof WAITING | typeof STARTING)[number], apply: typeof start) =>
    Object.assign(childProcess, { [name]: new Proxy(ownPromised(childProcess[name]), { apply }) });
  for (const name of WAITING) replace(name, wait);
  for (const name of STARTING) replace(name, start);
  syncBuiltinESMExports();
}

/** The same function, where `promisify` has another for it with that replaced as well. */
function ownPromised<F extends (...given: never[]) => unknown>(program: F): F {
  const promised: object | undefined = Reflect.get(program as object, promisify.custom);
  if (promised === undefined) return program;
  return Object.defineProperties(program.bind(childProcess) as F, {
    name: { value: program.name },
    [promisify.custom]: { value: new Proxy(promised, { apply: start }) },
  });
}

function start(program: (...given: never[]) => unknown, self: unknown, given: unknown[]): unknown {
  // In a `finally` block, by which a cell tidies up, programs run.
  if (interruptedUnheard()) {
    hearInterrupt();
    throw interruption();
  }
  return Reflect.apply(program, self, given);
}

function wait(...program: Parameters<typeof start>): unknown {
  programBegins();
  try {
    return start(...program);
  } finally {
    programHasEnded();
  }
}
