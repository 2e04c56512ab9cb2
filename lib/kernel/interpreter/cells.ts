import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import vm from 'node:vm';
import { type Converter, createConverter, type Diagnostic } from 'tslab/dist/converter';
import { createExecutor, type Executor } from 'tslab/dist/executor';
import type { Failure } from '../messages';
import { type Complaint, describe, describeComplaints, type Script } from './failure';
import { guard } from './guards';
import { announce, interrupted } from './interrupts';
import { markLines, unmarkLines } from './lines';
import { interruption, newStop, type Stop } from './stop';

/** A cell that runs or has run; whatever it started belongs to it. */
export interface Cell {
  readonly id: number;
  readonly label: string;
  readonly stop: Stop;
  /** Why it failed; set once. */
  failure?: Failure;
  /** The value of its last line, unless that is undefined or null. */
  result?: { readonly value: unknown };
}

/** Runs cells in tslab, one at a time, each in a context by which what it starts is known as its. */
export interface Cells {
  readonly executor: Executor;
  /** The cell that the code running now belongs to. */
  current(): Cell | undefined;
  /** Runs code to its end, its failure or an interrupt. */
  run(id: number, label: string, code: string): Promise<Cell>;
  /** Interrupts the cell with that id, if it still runs; with 0, what ended cells left running. */
  interrupt(id: number): void;
  /** Fails a cell, unless it has failed already. */
  fail(cell: Cell, error: unknown): void;
  /** Blames an error that nobody caught on the cell it came from; says which. */
  blame(error: unknown): { readonly cell: Cell; readonly late?: Failure } | undefined;
}

/**
 * tslab has Node break a cell on SIGINT, for which Node takes all handlers of that signal off for
 * a moment: one that comes just then ends the process. Here guards in the code do the breaking.
 */
const { runInThisContext } = vm;
vm.runInThisContext = (code, options) =>
  runInThisContext(
    code,
    typeof options === 'object' ? { ...options, breakOnSigint: false } : options,
  );

/** Starts tslab in the working directory. Takes about a second. */
export function startCells(): Cells {
  const contexts = new AsyncLocalStorage<Cell>();
  const scripts = new Map<string, Script>();
  const converter = createConverter({ isJS: false, isBrowser: false });
  let stop = newStop();
  let running: Cell | undefined;
  let latest: Cell | undefined;
  const current = () => contexts.getStore() ?? running ?? latest;

  const fail = (cell: Cell, error: unknown) => {
    cell.failure ??= describe(error, scripts);
  };

  const stopAll = () => {
    const stopped = stop;
    stop = newStop();
    stopped.now();
    executor.interrupt();
  };

  const convert: Converter['convert'] = (before, source) => {
    const cell = current()!;
    const nonce = `m${randomBytes(6).toString('hex')}`;
    const marked = markLines(source, nonce);
    const converted = converter.convert(before, marked.code);
    if (interrupted()) throw interruption();
    const { diagnostics, sideOutputs } = converted;
    if (diagnostics.length > 0) {
      const complaints = complaintsOf(diagnostics, marked.original);
      cell.failure = describeComplaints(complaints, cell.label, source);
    }
    if (!converted.output) return converted;
    const { code, line } = unmarkLines(guard(converted.output), nonce);
    const name = `tslab-cell-${scripts.size + 1}`;
    scripts.set(name, { label: cell.label, source, line });
    return {
      ...converted,
      hasToplevelAwait: converted.hasToplevelAwait === true || marked.loopsAsync,
      output: `${code}\n//# sourceURL=${name}`,
      ...(sideOutputs && {
        sideOutputs: sideOutputs.map(({ path, data }) => ({ path, data: guard(data) })),
      }),
    };
  };

  const guarded = { ...converter, convert };
  const executor = createExecutor(
    process.cwd(),
    { node: guarded, browser: guarded, close: () => converter.close() },
    {
      log: (value) => {
        const cell = current();
        if (cell) cell.result = { value };
      },
      // An error, or one of the complaints that `convert` has kept already.
      error: (thrown) => {
        const cell = current();
        if (cell) fail(cell, thrown);
      },
    },
  );

  const execute = async (cell: Cell, code: string) => {
    try {
      await contexts.run(cell, () => executor.execute(code));
    } catch (error) {
      fail(cell, error);
    }
  };

  return {
    executor,
    current,
    fail,
    async run(id, label, code) {
      const cell: Cell = { id, label, stop };
      running = cell;
      latest = cell;
      announce(id);
      await execute(cell, code);
      // Rejections that nobody awaited are known a turn later; so is what an interrupt unwinds.
      await turn();
      if (interrupted() && !cell.stop.signal.aborted) stopAll();
      if (cell.stop.signal.aborted) cell.failure = describe(interruption(), scripts);
      announce(0);
      running = undefined;
      return cell;
    },
    interrupt(id) {
      if (id !== (running?.id ?? 0)) return;
      stopAll();
    },
    blame(error) {
      const cell = current();
      if (!cell || cell.stop.signal.aborted) return undefined;
      if (cell !== running) return { cell, late: describe(error, scripts) };
      fail(cell, error);
      return { cell };
    },
  };
}

/** tslab gives the parts of a message one by one, all with the same place: they are joined. */
function complaintsOf(
  diagnostics: readonly Diagnostic[],
  original: (offset: number) => number,
): Complaint[] {
  const complaints: Complaint[] = [];
  let last: Diagnostic | undefined;
  for (const diagnostic of diagnostics) {
    const { messageText: message, code, start, end, fileName } = diagnostic;
    const before = complaints.at(-1);
    if (before && last?.start.offset === start.offset && last.end.offset === end.offset) {
      complaints[complaints.length - 1] = { ...before, message: `${before.message}\n  ${message}` };
    } else {
      const place = { name: fileName ?? '', line: start.line + 1, column: start.character + 1 };
      complaints.push({
        message,
        code,
        start: original(start.offset),
        end: original(end.offset),
        ...(fileName !== undefined && { file: place }),
      });
    }
    last = diagnostic;
  }
  return complaints;
}
