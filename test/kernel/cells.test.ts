import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, types } from 'node:util';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import type * as Process from '../../lib/kernel/compilerProcess';
import { describeComplaints } from '../../lib/kernel/complaints';
import { type Cells, startCells } from '../../lib/kernel/interpreter/cells';
import { hideCompiling } from '../../lib/kernel/interpreter/functionTexts';
import { resultBundle } from '../../lib/kernel/interpreter/result';
import type { Compiled, Knowledge, Refused } from '../../lib/kernel/messages';
import { known } from '../../lib/kernel/processes';
import { notebooks } from './notebooks';
import type { Notebook } from './notebooks/notebook';

/** Compiles cells, one after the other. */
interface Compiling {
  compile(code: string): Promise<Compiled | Refused>;
  learn(knowledge: Knowledge): void;
  /** Forgets all but what it has learned. */
  beginAgain(): void;
  close(): void;
}

function inThisProcess(folder: string): Compiling {
  const compiler = createCompiler(folder);
  return {
    compile: async (code) => compiler.compile(code),
    learn: compiler.learn,
    beginAgain: () => undefined,
    close: () => undefined,
  };
}

/** As the kernel does it: from a snapshot, and from one with more in it where a cell asks for more. */
function inProcesses(): Compiling {
  const path = join(__dirname, '../../lib/kernel/dist/compilerProcess.js');
  const { startCompiler } = require(path) as typeof Process;
  const learned: Knowledge[] = [];
  let compiler = startCompiler();
  return {
    compile: async (code) => (await compiler.ask({ kind: 'compile', code })) as Compiled | Refused,
    learn(knowledge) {
      learned.push(knowledge);
      compiler.learn(knowledge);
    },
    beginAgain() {
      compiler.close();
      compiler = startCompiler();
      for (const knowledge of learned) compiler.learn(knowledge);
    },
    close: () => compiler.close(),
  };
}

/** What became of a cell: the value of its last line as Node prints it, or its error. */
async function outcomeOf(
  compiler: Compiling,
  cells: Cells,
  id: number,
  code: string,
): Promise<string> {
  const label = `In [${id}]`;
  const compiled = await compiler.compile(code);
  if ('complaints' in compiled) {
    const { ename, evalue } = describeComplaints(compiled.complaints, label, code);
    return `${ename}: ${evalue}`;
  }
  const { failure, result, kept } = await cells.run(id, label, code, compiled.program);
  compiler.learn(known(compiled.knowledge, kept));
  if (failure) return `${failure.ename}: ${failure.evalue}`;
  if (types.isPromise(result?.value)) return (await resultBundle(result.value))['text/plain'] ?? '';
  return result === undefined
    ? ''
    : inspect(result.value, { breakLength: Number.POSITIVE_INFINITY });
}

// Each in a process of its own: what cells do to the globals stays.
const start = process.env.LAB_COMPILER === 'process' ? inProcesses : inThisProcess;

describe('cells', () => {
  const cwd = process.cwd();
  let folder: string;
  let compiler: Compiling;
  let cells: Cells;
  let id = 0;
  before(() => {
    hideCompiling();
    // Cells write files beside themselves, and packages are looked for from there.
    folder = mkdtempSync(join(__dirname, 'notebook-'));
    process.chdir(folder);
    compiler = start(folder);
    cells = startCells(folder);
  });
  after(() => {
    compiler.close();
    process.chdir(cwd);
    rmSync(folder, { recursive: true });
  });

  const wrongIn = async (notebook: Notebook) => {
    const wrong: { code: string; outcome: string; expected: string | RegExp }[] = [];
    for (const [code, expected] of notebook) {
      const outcome = await outcomeOf(compiler, cells, ++id, code);
      const isRight = typeof expected === 'string' ? outcome === expected : expected.test(outcome);
      if (!isRight) wrong.push({ code, outcome, expected });
    }
    return wrong;
  };

  for (const [about, notebook] of Object.entries(notebooks)) {
    it(about, async () => {
      compiler.beginAgain();
      assert.deepEqual(await wrongIn(notebook), []);
    });
  }
});
