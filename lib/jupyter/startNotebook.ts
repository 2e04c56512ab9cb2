import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { InputError } from '../errors';
import { readNotebook } from '../ipynb';
import { projectRoot } from '../root';
import { jupyterEnvironment, pythonPath } from './python';

/** What the runner tells while a notebook is carried out; see execute.py. */
export type ExecutionEvent =
  | {
      readonly kind: 'cell';
      readonly id: string;
      readonly number: number;
      readonly cells: number;
      readonly source: string;
    }
  | {
      readonly kind: 'progress';
      readonly label: string;
      readonly done: number;
      readonly total: number;
      readonly secondsLeft: number | null;
    }
  /** All cells are carried out; what is left is to end the kernel and to write the notebook. */
  | { readonly kind: 'closing' };

type Ending =
  | { readonly kind: 'done'; readonly peakMemory: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly written: boolean };

/** How long a notebook took, by stage, and the most memory its kernel had, in MB. */
export interface Execution {
  readonly seconds: number;
  /** In their order; a cell's name is its id. */
  readonly stages: readonly Stage[];
  readonly peakMemoryMB: number;
}

/** What a notebook's time went into. */
export interface Stage {
  readonly stage: string;
  readonly seconds: number;
}

/** A notebook whose kernel is started, or about to be. */
export interface StartedNotebook {
  /**
   * Carries out its cells and writes it, with its outputs, to its target. A failure stops it at the
   * cell that failed; what was carried out till then is kept in the target, if that can be written.
   *
   * @throws InputError when a cell failed or did not run, or SIGINT or SIGTERM asked this process to
   *   stop
   */
  run(onEvent: (event: ExecutionEvent) => void): Promise<Execution>;
  /** Ends the kernel of one that is not to be run. */
  leave(): Promise<void>;
}

/**
 * Starts the tslab kernel for a notebook, and has it load what the notebook imports, ahead of its
 * turn.
 *
 * @throws InputError when `source` is no notebook
 */
export function startNotebook(
  source: string,
  target: string,
  environment: NodeJS.ProcessEnv,
): StartedNotebook {
  readNotebook(source);
  const script = join(projectRoot, 'lib', 'jupyter', 'execute.py');
  const child = spawn(pythonPath(), [script, source, target], {
    env: { ...jupyterEnvironment(), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  // One that has ended says so itself.
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  return {
    async run(onEvent) {
      let isStopped = false;
      const stop = () => {
        isStopped = true;
        child.kill('SIGTERM');
      };
      process.on('SIGINT', stop).on('SIGTERM', stop);
      child.stdin.end('\n');
      const heard = await listen(child.stdout, onEvent);
      await closed;
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (isStopped) {
        throw new InputError(
          `${basename(source)} was stopped; run it again to go on with what it saved`,
        );
      }
      return executionOf(heard, source, target, errors);
    },
    async leave() {
      child.stdin.end();
      child.stdout.resume();
      await closed;
    },
  };
}

/** What was heard of a notebook: its stages, the cell it was at, and how it ended. */
interface Heard {
  readonly stages: readonly Stage[];
  readonly cell: string;
  readonly ending: Ending | undefined;
}

async function listen(output: Readable, onEvent: (event: ExecutionEvent) => void): Promise<Heard> {
  const stages: Stage[] = [];
  let [stage, since] = ['starting the kernel', performance.now()];
  const next = (name: string) => {
    const now = performance.now();
    stages.push({ stage, seconds: (now - since) / 1000 });
    [stage, since] = [name, now];
  };
  let cell = 'before its first cell';
  let ending: Ending | undefined;
  for await (const text of createInterface({ input: output })) {
    const event = JSON.parse(text) as ExecutionEvent | Ending;
    if (event.kind === 'done' || event.kind === 'failed') ending = event;
    else onEvent(event);
    if (event.kind === 'closing') next('closing the kernel');
    if (event.kind === 'cell') {
      next(event.id);
      cell = `in code cell ${event.number} of ${event.cells}:\n\n${indent(event.source)}\n`;
    }
  }
  next('');
  return { stages, cell, ending };
}

/** @throws InputError unless the notebook came to its end */
function executionOf(
  { stages, cell, ending }: Heard,
  source: string,
  target: string,
  errors: string,
): Execution {
  if (ending?.kind !== 'done') {
    const reason = ending?.reason ?? `the runner ended early: ${errors.trim().split('\n').at(-1)}`;
    const kept = ending?.written ? `\nwhat ran till then is in ${target}` : '';
    throw new InputError(`${basename(source)} failed ${cell}\n${reason}${kept}`);
  }
  const seconds = stages.reduce((sum, one) => sum + one.seconds, 0);
  return { seconds, stages, peakMemoryMB: ending.peakMemory / 1e6 };
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
