import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, types } from 'node:util';
import { type Compiler, createCompiler } from '../../lib/kernel/compiler/compile';
import { describeComplaints } from '../../lib/kernel/complaints';
import { type Cells, startCells } from '../../lib/kernel/interpreter/cells';
import { hideCompiling } from '../../lib/kernel/interpreter/functionTexts';
import { resultBundle } from '../../lib/kernel/interpreter/result';
import { known } from '../../lib/kernel/processes';
import { notebooks } from './notebooks';
import type { Notebook } from './notebooks/notebook';

/** What became of a cell: the value of its last line as Node prints it, or its error. */
async function outcomeOf(
  compiler: Compiler,
  cells: Cells,
  id: number,
  code: string,
): Promise<string> {
  const label = `In [${id}]`;
  const compiled = compiler.compile(code);
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

describe('cells', () => {
  let folder: string;
  let compiler: Compiler;
  let cells: Cells;
  let id = 0;
  before(() => {
    hideCompiling();
    // Cells write files beside themselves, and packages are looked for from there.
    folder = mkdtempSync(join(__dirname, 'notebook-'));
    compiler = createCompiler(folder);
    cells = startCells(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

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
    it(about, async () => assert.deepEqual(await wrongIn(notebook), []));
  }
});
