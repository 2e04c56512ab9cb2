import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { InputError } from '../errors';
import { readNotebook } from '../ipynb';
import { projectRoot } from '../root';
import { jupyterEnvironment, pythonPath } from './python';

/** What the runner tells while a notebook is carried out; see execute.py. */
export type ExecutionEvent =
  | {
      readonly kind: 'cell';
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
    };

type Ending = { readonly seconds: number; readonly peakMemory: number } & (
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly written: boolean }
);

/** How long a notebook took, and the most memory its kernel had, in MB. */
export interface Execution {
  readonly seconds: number;
  readonly peakMemoryMB: number;
}

/**
 * Carries out a notebook under the tslab kernel and writes it, with its outputs, to `target`. A
 * failure stops it at the cell that failed; what was carried out till then is kept in `target`, if
 * that can be written.
 *
 * @throws InputError when `source` is no notebook, a cell failed or did not run, or SIGINT or
 *   SIGTERM asked this process to stop
 */
export async function executeNotebook(
  source: string,
  target: string,
  environment: NodeJS.ProcessEnv,
  onEvent: (event: ExecutionEvent) => void,
): Promise<Execution> {
  readNotebook(source);
  const script = join(projectRoot, 'lib', 'jupyter', 'execute.py');
  const child = spawn(pythonPath(), [script, source, target], {
    env: { ...jupyterEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill('SIGTERM');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const closed = once(child, 'close');
  let cell = 'before its first cell';
  let ending: Ending | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    const event = JSON.parse(text) as ExecutionEvent | Ending;
    if (event.kind === 'done' || event.kind === 'failed') ending = event;
    else onEvent(event);
    if (event.kind === 'cell') {
      cell = `in code cell ${event.number} of ${event.cells}:\n\n${indent(event.source)}\n`;
    }
  }
  await closed;
  process.off('SIGINT', stop).off('SIGTERM', stop);
  if (stopped) {
    throw new InputError(
      `${basename(source)} was stopped; run it again to go on with what it saved`,
    );
  }
  if (ending?.kind !== 'done') {
    const reason = ending?.reason ?? `the runner ended early: ${errors.trim().split('\n').at(-1)}`;
    const kept = ending?.written ? `\nwhat ran till then is in ${target}` : '';
    throw new InputError(`${basename(source)} failed ${cell}\n${reason}${kept}`);
  }
  const { seconds, peakMemory } = ending;
  return { seconds, peakMemoryMB: peakMemory / 1e6 };
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
