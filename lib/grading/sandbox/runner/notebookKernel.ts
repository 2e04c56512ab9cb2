import { type Listener, startProcesses } from 'typescript-notebook-kernel';
import { kernelSetup } from '../../../notebook/kernelSetup';
import { watchUsage } from '../usage';

/** How a piece of code ended; `dead` when it ended the kernel, or could not be stopped. */
export type Ended = { readonly ok: boolean; readonly error?: string } | 'dead';

/** The lab's kernel, of which nothing is asked but to run code in time. */
export interface NotebookKernel {
  /** Runs code for some seconds at most. */
  run(code: string, seconds: number): Promise<Ended>;
  /** Why it is dead. */
  readonly why: string;
  close(): Promise<void>;
}

/** How long an interrupted cell may take to end. */
const GRACE_MS = 3000;

/**
 * Starts one, which is ended when this process and all that it has started take more memory.
 *
 * @param memoryMB resident memory, in MB
 * @param show called with whatever a cell shows
 */
export function startNotebookKernel(
  memoryMB: number,
  show: (type: string, content: object) => void,
): NotebookKernel {
  const listener: Listener = {
    publish: (_, type, content) => show(type, content),
    ask: (id) => kernel.input(id, ''),
    print: () => undefined,
  };
  const kernel = startProcesses(listener, kernelSetup);
  let why = 'it ended the kernel or could not be stopped';
  const watch = watchUsage(process.pid, ({ megabytes }) => {
    if (megabytes <= memoryMB) return;
    why = `it took more than ${memoryMB} MB of memory`;
    void kernel.close();
  });
  let count = 0;

  async function run(code: string, seconds: number): Promise<Ended> {
    const id = ++count;
    const label = `In [${id}]`;
    const cell = { code, label, count: id, silent: false, allowInput: false, expressions: {} };
    const done = kernel.execute(id, cell).then(
      ({ content }): Ended => {
        const error = `${content.ename}: ${content.evalue}`;
        return content.status === 'ok' ? { ok: true } : { ok: false, error };
      },
      (): Ended => 'dead',
    );
    const first = await within(done, seconds * 1000);
    if (first !== undefined) return first;
    kernel.interrupt(id);
    const second = await within(done, GRACE_MS);
    if (second === undefined || second === 'dead') return 'dead';
    return {
      ok: false,
      error: `it took longer than the ${Math.round(seconds)} s left for its task`,
    };
  }

  async function close(): Promise<void> {
    watch.end();
    await kernel.close();
  }

  return {
    run,
    get why() {
      return why;
    },
    close,
  };
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
