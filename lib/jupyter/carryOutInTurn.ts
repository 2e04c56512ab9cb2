import type { Execution, ExecutionEvent, StartedNotebook } from './startNotebook';
import { statusLine } from './statusLine';

/**
 * Carries out notebooks one after the other. To start a kernel and to end one takes seconds of one
 * core, so that is done beside the cells of another. The second is started beside the first; each later
 * one behind the first cell with a bar of the one before it, as what a bar is for has work for all
 * cores, and most of what follows for one.
 *
 * @param start starts the kernel of a notebook, by its name
 * @throws InputError as `StartedNotebook.run`
 */
export async function carryOutInTurn(
  names: readonly string[],
  start: (name: string) => StartedNotebook,
): Promise<Execution[]> {
  const executions: Promise<Execution>[] = [];
  let ahead: StartedNotebook | undefined;
  for (const [i, name] of names.entries()) {
    const notebook = ahead ?? start(name);
    ahead = undefined;
    const startNext = () => {
      if (i + 1 < names.length) ahead ??= start(names[i + 1]!);
    };
    if (i === 0) startNext();
    try {
      await tillClosing(notebook, name, startNext, executions);
    } catch (error) {
      await (ahead as StartedNotebook | undefined)?.leave();
      await Promise.allSettled(executions);
      throw error;
    }
  }
  return await Promise.all(executions);
}

/** Carries out the cells of one. What is left to do then is among `executions`. */
async function tillClosing(
  notebook: StartedNotebook,
  name: string,
  startNext: () => void,
  executions: Promise<Execution>[],
): Promise<void> {
  const status = statusLine(name);
  const begun = performance.now();
  let hadBar = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (event: ExecutionEvent) => {
        status.show(event);
        if (event.kind === 'progress') hadBar = true;
        else if (hadBar || event.kind === 'closing') startNext();
        if (event.kind === 'closing') resolve();
      };
      const execution = notebook.run(hear);
      execution.catch(reject);
      executions.push(execution);
    });
  } catch (error) {
    status.end('failed');
    throw error;
  }
  status.end(`done in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}
