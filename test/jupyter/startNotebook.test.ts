import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { InputError } from '../../lib/errors';
import { type ExecutionEvent, startNotebook } from '../../lib/jupyter/startNotebook';
import { projectRoot } from '../../lib/root';
import { writeNotebook } from '../notebookFile';

describe('startNotebook', () => {
  // Inside the project, where a cell finds the package pathlab.
  const folder = mkdtempSync(join(projectRoot, 'data', 'execute-'));
  after(() => rmSync(folder, { recursive: true }));

  function notebook(name: string, ...sources: string[]): string {
    const path = join(folder, `${name}.ipynb`);
    writeNotebook(path, sources);
    return path;
  }

  const execute = async (source: string, events: ExecutionEvent[] = []) => {
    const target = source.replace('.ipynb', '.out.ipynb');
    const execution = await startNotebook(source, target, {}).run((event) => events.push(event));
    const outputs = JSON.parse(readFileSync(target, 'utf8')).cells.map(
      (cell: { outputs: unknown[] }) => cell.outputs,
    );
    return { execution, outputs };
  };

  it('carries out every cell, tells what it does, and measures', async () => {
    const events: ExecutionEvent[] = [];
    const source = notebook(
      'good',
      'const two: number = 1 + 1;',
      'console.log(two * 21);',
      "import { progress } from 'pathlab'; const bar = progress(2, 'work'); bar.update(1); bar.finish();",
    );
    const { execution, outputs } = await execute(source, events);
    assert.deepEqual(outputs[1][0].text, ['42\n']);
    assert.ok(execution.seconds > 0 && execution.peakMemoryMB > 20);
    assert.deepEqual(
      execution.stages.map(({ stage }) => stage),
      ['starting the kernel', 'cell-0', 'cell-1', 'cell-2', 'closing the kernel'],
    );
    const sum = execution.stages.reduce((total, { seconds }) => total + seconds, 0);
    assert.ok(Math.abs(sum - execution.seconds) < 1e-9, 'the stages are the whole');
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'cell').map((e) => 'number' in e && e.number),
      [1, 2, 3],
    );
    assert.ok(events.some((e) => e.kind === 'progress' && e.label === 'work'));
    assert.doesNotMatch(JSON.stringify(outputs), /vnd\.pathlab\.progress/, 'not kept in the file');
  });

  it('waits for its turn, having loaded what the notebook imports, and counts its cells from 1', async () => {
    const source = notebook(
      'ahead',
      "import { shortPath } from 'pathlab'; const before = process.uptime();",
      'console.log(before);',
    );
    const target = source.replace('.ipynb', '.out.ipynb');
    const started = startNotebook(source, target, {});
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.ok(!existsSync(target), 'nothing is carried out yet');
    const { stages } = await started.run(() => undefined);
    const [first, second] = JSON.parse(readFileSync(target, 'utf8')).cells;
    assert.deepEqual([first.execution_count, second.execution_count], [1, 2]);
    assert.deepEqual(first.outputs, []);
    assert.equal(stages[0]!.stage, 'starting the kernel');
  });

  it('that is left writes nothing, and its processes end', async () => {
    const source = notebook('left', "console.log('never');");
    const target = source.replace('.ipynb', '.out.ipynb');
    const started = startNotebook(source, target, {});
    await started.leave();
    assert.ok(!existsSync(target));
  });

  const bad: [name: string, cell: string, reason: RegExp][] = [
    ['throws', "throw new RangeError('too far');", /RangeError: too far/],
    ['type', "const n: number = 'text';", /Type 'string' is not assignable to type 'number'/],
    ['rejects', "await Promise.reject(new Error('late'));", /Error: late/],
    ['exits', 'process.exit(0);', /process\.exit\(0\) would end the kernel/],
  ];
  for (const [name, cell, reason] of bad) {
    it(`${name}: fails at that cell, although the next ones would pass`, async () => {
      const source = notebook(name, 'const one = 1;', cell, 'const three = 3;', 'three;');
      await assert.rejects(execute(source), (error: Error) => {
        assert.match(error.message, new RegExp(`^${name}\\.ipynb failed in code cell 2 of 4:`));
        assert.match(stripVTControlCharacters(error.message), reason);
        return true;
      });
      assert.ok(existsSync(join(folder, `${name}.out.ipynb`)), 'what ran is kept');
    });
  }

  it('claims nothing as kept where it could not be written, in plain words', async () => {
    const out = join(folder, 'lost');
    // While the notebook runs, a file comes into the place of the folder.
    const take = `const fs = require('node:fs'); fs.rmSync(${JSON.stringify(out)}, { recursive: true });
      fs.writeFileSync(${JSON.stringify(out)}, '');`;
    mkdirSync(out);
    const source = notebook('lost-source', `${take} throw new Error('and this');`);
    const target = join(out, 'target.ipynb');
    await assert.rejects(
      startNotebook(source, target, {}).run(() => undefined),
      (error: Error) => {
        assert.ok(error instanceof InputError);
        const message = stripVTControlCharacters(error.message);
        assert.match(message, /failed in code cell 1 of 1:/);
        assert.match(message, /Error: and this/);
        assert.match(message, /target\.ipynb cannot be written: Not a directory; make room/);
        assert.doesNotMatch(message, /Traceback|what ran till then is in/);
        return true;
      },
    );
  });

  it('refuses a file that is no notebook, and writes nothing', async () => {
    const path = join(folder, 'text.ipynb');
    writeFileSync(path, '{"cells": [');
    await assert.rejects(execute(path), /text\.ipynb is no notebook: .*restore it/);
    writeFileSync(path, '{"worksheets": [], "nbformat": 3}');
    await assert.rejects(execute(path), /no notebook of format 4: got nbformat 3/);
    await assert.rejects(execute(join(folder, 'absent.ipynb')), /absent\.ipynb is no notebook/);
    assert.ok(!readdirSync(folder).includes('text.out.ipynb'));
  });
});
