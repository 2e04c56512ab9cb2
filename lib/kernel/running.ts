import type { Failure, Outcome } from './messages';
import { newOpenComms, type OpenComms } from './openComms';
import { listenerFor, newParents, type Parents } from './parents';
import { type Cell, type Processes, startProcesses } from './processes';
import type { Setup } from './setup';
import type { Sockets } from './sockets';
import type { Message } from './wire';

/** How long, in milliseconds, an interrupted cell may run on before its user is told what to do. */
const UNSTOPPABLE_MS = 5000;
const UNSTOPPABLE =
  'This cell cannot be stopped: it is in code that never looks up. Interrupt once more to end its ' +
  'process, or restart the kernel; either way the variables are lost.\n';

/** The processes that carry out cells, and the cell that is carried out. */
export interface Running {
  readonly processes: Processes;
  readonly parents: Parents;
  readonly comms: OpenComms;
  /** Has a cell carried out; if its process dies, says so and starts a new one. */
  perform(cell: Cell, message: Message): Promise<Outcome>;
  /** Interrupts the cell that runs; where that was in vain, ends its process. */
  interrupt(): void;
  /** Answers the prompt of the cell that runs. */
  input(text: string): void;
  /** The message of the cell that runs. */
  current(): Message | undefined;
}

/** Starts the processes. */
export function startRunning(sockets: Sockets, setup: Setup): Running {
  const parents = newParents();
  const comms = newOpenComms();
  /** The id of the cell that is carried out; 0 for none. */
  let running = 0;
  let last: Message | undefined;
  /** Whether the running cell was told to stop and could not: the next interrupt ends its process. */
  let unstoppable = false;
  const listener = listenerFor(sockets, parents, comms, () => last);
  const processes = startProcesses(listener, setup);
  const restart = () => restarted(sockets, comms, processes);
  const say = (text: string, to?: Message) =>
    void sockets.publish('stream', { name: 'stderr', text }, to?.header);

  /** A synchronous loop in a library, or in a regular expression, looks at nothing. */
  function tellIfRunning(id: number): void {
    if (running !== id || unstoppable) return;
    unstoppable = true;
    say(UNSTOPPABLE, parents.of(id));
  }

  return {
    processes,
    parents,
    comms,
    async perform(cell, message) {
      const id = parents.add(message);
      last = message;
      const died = processes.death();
      if (died !== undefined) {
        // Nothing ran then: the cell that comes next is none the worse for it.
        await restart();
        say(`${describeDeath(died).evalue}\n`, message);
      }
      running = id;
      try {
        return await processes.execute(id, cell);
      } catch (error) {
        const failure = describeDeath(error instanceof Error ? error.message : String(error));
        await restart();
        if (!cell.silent) void sockets.publish('error', failure, message.header);
        return { content: { status: 'error', ...failure } };
      } finally {
        running = 0;
        unstoppable = false;
      }
    },
    interrupt() {
      if (unstoppable) return void processes.kill();
      processes.interrupt(running);
      if (running !== 0) setTimeout(tellIfRunning, UNSTOPPABLE_MS, running).unref();
    },
    input: (text) => processes.input(running, text),
    current: () => parents.of(running),
  };
}

/** Begins anew; no comm outlives the process that it led to. */
async function restarted(sockets: Sockets, comms: OpenComms, processes: Processes): Promise<void> {
  for (const comm_id of Object.keys(comms.list())) {
    const content = { comm_id, data: {} };
    comms.note('comm_close', content);
    void sockets.publish('comm_close', content);
  }
  await processes.restart();
}

function describeDeath(how: string): Failure {
  const evalue =
    `the process that runs the cells ended (${how}); its variables are gone and a new one was ` +
    'started: run the notebook again from its first cell';
  return { ename: 'KernelDied', evalue, traceback: [`\x1b[31mKernelDied\x1b[39m: ${evalue}`] };
}
