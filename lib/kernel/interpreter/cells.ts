import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import type { Failure, Program } from '../messages';
import { type Cell, newExecution } from './execution';
import { describe } from './failure';
import { installGuards } from './guards';
import { announce, forgetInterrupt, interrupted } from './interrupts';
import type { Script } from './lines';
import { tellCellsInStacks } from './stacks';
import { interruption, newStop } from './stop';
import type { Variables } from './variables';

/** Runs cells, one at a time, each in a context by which what it starts is known as its. */
export interface Cells {
  /** What cells have declared, by name. */
  readonly variables: Readonly<Variables>;
  /** The cell that the code running now belongs to. */
  current(): Cell | undefined;
  /** Loads packages ahead of the cell that asks for them. */
  preload(packages: readonly string[]): void;
  /** Runs a cell to its end, its failure or an interrupt. */
  run(id: number, label: string, source: string, program: Program): Promise<Cell>;
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
  /** Fails a cell, unless it has failed already. */
  fail(cell: Cell, error: unknown): void;
  /** Blames an error that nobody caught on the cell it came from; says which. */
  blame(error: unknown): { readonly cell: Cell; readonly late?: Failure } | undefined;
}

/**
 * Starts with an empty scope.
 *
 * @param cwd the folder of the notebook, from which its imports are looked for
 * @param brief messages of errors that are told in one line
 */
export function startCells(cwd = process.cwd(), brief: readonly string[] = []): Cells {
  const contexts = new AsyncLocalStorage<Cell>();
  const scripts = new Map<string, Script>();
  tellCellsInStacks(scripts);
  const notebook = newExecution(cwd, scripts);
  let stop = newStop();
  let running: Cell | undefined;
  let latest: Cell | undefined;
  const current = () => contexts.getStore() ?? running ?? latest;

  const told = (error: unknown) => describe(error, scripts, brief);
  const fail = (cell: Cell, error: unknown) => {
    cell.failure ??= told(error);
  };

  const stopAll = () => {
    const stopped = stop;
    stop = newStop();
    stopped.now();
  };

  installGuards(() => current()?.stop ?? stop);

  return {
    get variables() {
      return notebook.variables();
    },
    current,
    fail,
    preload: notebook.preload,
    async run(id, label, source, program) {
      const cell: Cell = { id, label, stop, kept: [] };
      running = cell;
      latest = cell;
      announce(id);
      try {
        if (interrupted()) throw interruption();
        await contexts.run(cell, () => notebook.execute(cell, source, program));
      } catch (error) {
        fail(cell, error);
      }
      // Rejections that nobody awaited are known a turn later; so is what an interrupt unwinds.
      await turn();
      if (interrupted() && !cell.stop.signal.aborted) stopAll();
      if (cell.stop.signal.aborted) cell.failure = told(interruption());
      announce(0);
      running = undefined;
      return cell;
    },
    interrupt(id) {
      if (id !== (running?.id ?? 0)) return;
      stopAll();
    },
    bind(callback, fail) {
      const owner = current();
      return async (...given) => {
        forgetInterrupt();
        // The stop of today: an interrupt since then has ended what ran then, and no more.
        const cell = owner && { ...owner, stop };
        try {
          await (cell ? contexts.run(cell, callback, ...given) : callback(...given));
        } catch (error) {
          fail(cell, told(error));
        }
      };
    },
    blame(error) {
      const cell = current();
      if (!cell || cell.stop.signal.aborted) return undefined;
      if (cell !== running) return { cell, late: told(error) };
      fail(cell, error);
      return { cell };
    },
  };
}
