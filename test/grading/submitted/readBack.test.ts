import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANSWERS } from '../../../lib/grading/submitted/answers';
import { answersIn, readBack } from '../../../lib/grading/submitted/readBack';
import { readNotebook } from '../../../lib/ipynb';
import { projectRoot } from '../../../lib/root';
import { temporaryFolder } from '../../temporaryFolder';

const copy = join(projectRoot, 'notebooks', 'part-1.ipynb');
const solved = join(projectRoot, 'notebooks', 'solutions', 'part-1.ipynb');
const parts = new Map([
  ['part-0.ipynb', []],
  ['part-1.ipynb', answersIn(readNotebook(copy))],
]);

/** A student's folder with these files. */
function handedIn(files: Readonly<Record<string, string>>, notebook?: string): string[] {
  const folder = join(temporaryFolder(), 'ivanov');
  mkdirSync(folder);
  if (notebook) cpSync(notebook, join(folder, 'part-1.ipynb'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return [folder];
}

describe('a submission that is read as the grader does', () => {
  it('misses nothing where all is answered, and knows size and nets', () => {
    const read = readBack(
      handedIn({ 'theta.safetensors': '', 'lines-1.json': '{}' }, solved),
      parts,
    );
    assert.equal(read.student, 'ivanov');
    assert.deepEqual([...read.notebooks], [['part-1.ipynb', 'full']]);
    assert.equal(read.saved, 2);
    assert.deepEqual([read.refused, read.missing, read.remarks], [[], [], []]);
  });

  it('misses each answer of an untouched copy', () => {
    const { missing, notebooks } = readBack(handedIn({}, copy), parts);
    // The cells of notebooks/instructor/part-1.ipynb that nbgrader's metadata call solutions.
    assert.deepEqual(missing, [
      'part-1.ipynb: task-1-1-train is not answered yet',
      'part-1.ipynb: task-1-2-interpolate is not answered yet',
      'part-1.ipynb: task-1-2-modes is not answered yet',
      'part-1.ipynb: task-1-2-evaluate is not answered yet',
      'part-1.ipynb: task-1-2-answer, in words, is not written yet',
    ]);
    assert.deepEqual([...notebooks.values()], [undefined]);
  });

  it('misses an answer whose cell is gone, as it knows the cells by itself', () => {
    const names = readdirSync(join(projectRoot, 'notebooks')).filter((n) => n.endsWith('.ipynb'));
    const inCopies = names.map((name) => {
      return [name, answersIn(readNotebook(join(projectRoot, 'notebooks', name)))] as const;
    });
    // The cells that nbgrader's metadata call solutions, in the copies as they are handed out.
    assert.deepEqual(ANSWERS, Object.fromEntries(inCopies));
    const { cells, ...notebook } = readNotebook(solved);
    const left = cells.filter(({ id }) => id !== 'task-1-2-modes');
    const file = { 'part-1.ipynb': JSON.stringify({ ...notebook, cells: left }) };
    const { missing } = readBack(handedIn(file), new Map(Object.entries(ANSWERS).slice(0, 2)));
    assert.deepEqual(missing, ['part-1.ipynb: the cell task-1-2-modes is gone']);
  });

  it('tells what cannot be read, and which notebook is not there', () => {
    const { refused, missing } = readBack(handedIn({ 'part-2.ipynb': '{' }), parts);
    assert.equal(refused.length, 1);
    assert.match(refused[0]!, /^part-2\.ipynb is no notebook: .*save it anew in JupyterLab/);
    assert.deepEqual(missing, ['part-1.ipynb is not there']);
    const own = readBack(handedIn({ 'part-1.ipynb': '{' }), parts);
    assert.deepEqual(own.missing, ['part-1.ipynb cannot be read']);
  });

  it('refuses a folder without a notebook', () => {
    assert.throws(() => readBack(handedIn({ 'a.safetensors': '' }), parts), {
      name: 'InputError',
    });
  });
});
