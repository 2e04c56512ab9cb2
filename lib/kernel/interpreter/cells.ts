import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { MimeBundle } from '../kernel';
import type { Failure, Program } from '../messages';
import { tellReasons } from './caught';
import { type Cell, newExecution } from './execution';
import { describe } from './failure';
import { installGuards } from './guards';
import { announce, forgetInterrupt, hearInterrupt, interrupted } from './interrupts';
import type { Script } from './lines';
import { tellCellsInStacks } from './stacks';
import { interruption, newStop, orStop, type Stop } from './stop';
import type { Variables } from './variables';

/** Runs cells, one at a time, each in a context by which what it starts is known as its. */
export interface Cells {
  /** What cells have declared, by name. */
  readonly variables: Readonly<Variables>;
  /** The cell that the code running now belongs to. */
  current(): Cell | undefined;
  /** Loads packages ahead of the cell that asks for them. */
  preload(packages: readonly string[]): void;
  /**
   * Runs a cell to its end, its failure or an interrupt. To its end belongs what `show` makes of its
   * result, which may be the cell's own code as well.
   */
  run(id: number, label: string, source: string, program: Program, show?: Show): Promise<Cell>;
  /** Interrupts the cell with that id, if it still runs; with 0, what ended cells left running. */
  interrupt(id: number): void;
  /**
   * Ties a callback to the cell that runs now, whose it is when it is called later; `fail` takes
   * its failure.
   */
  bind<Given extends unknown[]>(
    callback: (...given: Given) => unknown,
    fail: (cell: Cell | undefined, failure: Failure) => void,
  ): (...given: Given) => Promise<void>;
  /** Blames an error that nobody caught on the cell it came from; says which. */
  blame(error: unknown): { readonly cell: Cell; readonly late?: Failure } | undefined;
}

/** How a value is shown. */
export type Show = (value: unknown) => Promise<MimeBundle>;

/** Which cell runs, which ran last, and what stops them. */
interface State {
  readonly contexts: AsyncLocalStorage<Cell>;
  readonly told: (error: unknown) => Failure;
  /** Of what runs now, and of what starts until it is used. */
  stop: Stop;
  running?: Cell | undefined;
  latest?: Cell;
}

/**
 * Starts with an empty scope.
 *
 * @param cwd the folder of the notebook, from which its imports are looked for
 * @param brief messages of errors that are told in one line
 */
export function startCells(cwd = process.cwd(), brief: readonly string[] = []): Cells {
  const scripts = new Map<string, Script>();
  tellCellsInStacks(scripts);
  tellReasons();
  const notebook = newExecution(cwd, scripts);
  const told = (error: unknown) => describe(error, scripts, brief);
  const state: State = { contexts: new AsyncLocalStorage<Cell>(), told, stop: newStop() };
  const current = () => currentOf(state);
  installGuards(() => current()?.stop ?? state.stop);
  return {
    get variables() {
      return notebook.variables();
    },
    current,
    preload: notebook.preload,
    run(id, label, source, program, show) {
      const cell: Cell = { id, label, stop: state.stop, kept: [] };
      return run(state, cell, async () => {
        await notebook.execute(cell, source, program);
        const { result, failure } = cell;
        if (show && result && !failure) cell.shown = await orStop(show(result.value), cell.stop);
      });
    },
    interrupt(id) {
      if (id === (state.running?.id ?? 0)) stopAll(state);
    },
    bind: (callback, fail) => bound(state, callback, fail),
    blame(error) {
      const cell = current();
      if (!cell || cell.stop.signal.aborted) return undefined;
      if (cell !== state.running) return { cell, late: told(error) };
      fail(state, cell, error);
      return { cell };
    },
  };
}

function currentOf({ contexts, running, latest }: State): Cell | undefined {
  return contexts.getStore() ?? running ?? latest;
}

function fail({ told }: State, cell: Cell, error: unknown): void {
  cell.failure ??= told(error);
}

/** Stops what runs; what starts from now on has a stop of its own. */
function stopAll(state: State): void {
  const stopped = state.stop;
  state.stop = newStop();
  hearInterrupt();
  stopped.now();
}

/** Runs a cell's code to its end, its failure or an interrupt. */
async function run(state: State, cell: Cell, execute: () => Promise<void>): Promise<Cell> {
  state.running = cell;
  state.latest = cell;
  announce(cell.id);
  try {
    if (interrupted()) throw interruption();
    await state.contexts.run(cell, execute);
  } catch (error) {
    fail(state, cell, error);
  }
  // Rejections that nobody awaited are known a turn later; so is what an interrupt unwinds.
  await turn();
  if (interrupted() && !cell.stop.signal.aborted) stopAll(state);
  if (cell.stop.signal.aborted) cell.failure = state.told(interruption());
  announce(0);
  state.running = undefined;
  return cell;
}

/** The callback as one of the cell that runs now. */
function bound<Given extends unknown[]>(
  state: State,
  callback: (...given: Given) => unknown,
  fail: (cell: Cell | undefined, failure: Failure) => void,
): (...given: Given) => Promise<void> {
  const owner = currentOf(state);
  return async (...given) => {
    forgetInterrupt();
    // The stop of today: an interrupt since then has ended what ran then, and no more.
    const cell = owner && { ...owner, stop: state.stop };
    try {
      await (cell ? state.contexts.run(cell, callback, ...given) : callback(...given));
    } catch (error) {
      fail(cell, state.told(error));
    }
  };
}
