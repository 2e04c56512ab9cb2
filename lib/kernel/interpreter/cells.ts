import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import vm from 'node:vm';
import {
  AWAIT,
  CAUGHT,
  CELL,
  DYNAMIC_IMPORT,
  FOR_AWAIT,
  HANDLER,
  IMPORT,
  META,
  MODULE,
  SCOPE,
  STEP,
} from '../given';
import type { Failure, Program } from '../messages';
import { caught, handler } from './caught';
import { describe, type Script } from './failure';
import { announce, forgetInterrupt, interrupted } from './interrupts';
import { linesBy } from './lines';
import { createModules, pick } from './modules';
import { tellCellsInStacks } from './stacks';
import { eachOrStop, interruption, newStop, orStop, type Stop } from './stop';
import { bindLive, expect, heldBy, settled, type Variables } from './variables';

/** A cell that runs or has run; whatever it started belongs to it. */
export interface Cell {
  readonly id: number;
  readonly label: string;
  readonly stop: Stop;
  /** The names that it has declared. */
  kept: readonly string[];
  /** Why it failed; set once. */
  failure?: Failure;
  /** The value of its last line, unless that is undefined or null. */
  result?: { readonly value: unknown };
}

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

type Body = (...given: unknown[]) => Promise<void>;

/** What a cell's code finds, in this order. */
const GIVEN = [
  ...[SCOPE, CELL, IMPORT, DYNAMIC_IMPORT, META, CAUGHT, HANDLER, MODULE],
  ...['require', 'module', 'exports', '__filename', '__dirname'],
].join(', ');

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
  const modules = createModules(cwd, scripts);
  /** What all cells have declared. */
  const scope: Variables = Object.create(null);
  // A notebook is a module that was loaded from nowhere: `require.main === module` in it.
  const filename = join(cwd, 'cell.ts');
  const meta = modules.metaOf(filename);
  const { loadLater } = modules;
  const module = { exports: {}, filename };
  const require = Object.assign(modules.require, { main: module });
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

  const bodyOf = (cell: Cell, source: string, { code, map }: Program): Body => {
    const name = `cell-${scripts.size + 1}`;
    scripts.set(name, { label: cell.label, source, line: linesBy(map, source) });
    // An arrow function in one whose `this` is undefined, as that of a module.
    const body = `(function () { 'use strict'; return async (${GIVEN}) => {\n${code}\n} })()`;
    // What eval is given is not compiled: it finds the notebook's names as those of an object.
    const text = /\beval\(/.test(code) ? `(scope) => { with (scope) return ${body} }` : body;
    const made: unknown = vm.runInThisContext(text, {
      filename: name,
      lineOffset: -1,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    return (text === body ? made : (made as (scope: Variables) => Body)(scope)) as Body;
  };

  const load = async (id: string, names: readonly [local: string, imported: string][]) => {
    const module = await modules.load(id);
    for (const [local, imported] of names) bindLive(scope, local, () => pick(module(), imported));
  };

  const guards = {
    [AWAIT]: (value: unknown) => orStop(value, current()?.stop ?? stop),
    [FOR_AWAIT]: (values: AsyncIterable<unknown>) => eachOrStop(values, current()?.stop ?? stop),
    [STEP]: () => {
      if (interrupted()) throw interruption();
    },
  };
  for (const [name, value] of Object.entries(guards)) {
    // Not to be seen where a cell looks at what is global.
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }

  const execute = async (cell: Cell, source: string, program: Program) => {
    const { names, late } = program;
    const before = new Map(names.map((name) => [name, heldBy(scope, name)]));
    for (const name of late) expect(scope, name);
    const left: { value?: unknown } = {};
    modules.refresh();
    try {
      const body = bodyOf(cell, source, program);
      const given = [scope, left, load, loadLater, meta, caught, handler, modules.put];
      const ofNode = [require, module, module.exports, filename, cwd];
      await orStop(body(...given, ...ofNode), cell.stop);
      cell.kept = names;
    } catch (error) {
      // What was declared before the failure is there.
      const isNew = (name: string) => {
        const [was, now] = [before.get(name), heldBy(scope, name)];
        if (!now) delete scope[name];
        return now !== undefined && (!was || was.by !== now.by);
      };
      cell.kept = names.filter(isNew);
      throw error;
    }
    if (left.value != null) cell.result = { value: left.value };
  };

  return {
    get variables() {
      return settled(scope);
    },
    current,
    fail,
    preload(packages) {
      for (const name of packages) {
        try {
          modules.require(name);
        } catch {
          // The cell that asks for it is told.
        }
      }
    },
    async run(id, label, source, program) {
      const cell: Cell = { id, label, stop, kept: [] };
      running = cell;
      latest = cell;
      announce(id);
      try {
        if (interrupted()) throw interruption();
        await contexts.run(cell, () => execute(cell, source, program));
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
