import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, types } from 'node:util';
import { type Cells, startCells } from '../../lib/kernel/interpreter/cells';
import { hideCompiling } from '../../lib/kernel/interpreter/compiler/original';
import { resultBundle } from '../../lib/kernel/interpreter/result';
import { notebooks } from './notebooks';
import type { Notebook } from './notebooks/notebook';

/** What became of a cell: the value of its last line as Node prints it, or its error. */
async function outcomeOf(cells: Cells, id: number, code: string): Promise<string> {
  const { failure, result } = await cells.run(id, `In [${id}]`, code);
  if (failure) return `${failure.ename}: ${failure.evalue}`;
  if (types.isPromise(result?.value)) return (await resultBundle(result.value))['text/plain'] ?? '';
  return result === undefined
    ? ''
    : inspect(result.value, { breakLength: Number.POSITIVE_INFINITY });
}

describe('cells', () => {
  let folder: string;
  let cells: Cells;
  let id = 0;
  before(() => {
    hideCompiling();
    // Cells write files beside themselves, and packages are looked for from there.
    folder = mkdtempSync(join(__dirname, 'notebook-'));
    cells = startCells(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  const wrongIn = async (notebook: Notebook) => {
    const wrong: { code: string; outcome: string; expected: string | RegExp }[] = [];
    for (const [code, expected] of notebook) {
      const outcome = await outcomeOf(cells, ++id, code);
      const isRight = typeof expected === 'string' ? outcome === expected : expected.test(outcome);
      if (!isRight) wrong.push({ code, outcome, expected });
    }
    return wrong;
  };

  for (const [about, notebook] of Object.entries(notebooks)) {
    it(about, async () => assert.deepEqual(await wrongIn(notebook), []));
  }
});
