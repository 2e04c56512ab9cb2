import assert from 'node:assert/strict';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkbook } from '../../../lib/grading/class/workbook';
import { readSubmitted } from '../../../lib/grading/submitted/read';
import { writtenAnswers } from '../../../lib/grading/submitted/written';
import { type Cell, cellText, readNotebook } from '../../../lib/ipynb';
import { projectRoot } from '../../../lib/root';
import { studentCopy, TEXT_STUB } from '../../../lib/workbook';
import { temporaryFolder } from '../../temporaryFolder';

describe('a notebook that is handed in', () => {
  it('has the written answers of the notebook that was saved last, whatever its name', () => {
    const root = temporaryFolder();
    const answered = (name: string, savedAt: number, texts: Record<string, string>) => {
      const path = join(root, name);
      const cells = Object.entries(texts).map(([id, source]) => ({
        ...{ id, cell_type: 'markdown' as const, metadata: {}, source },
      }));
      writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      utimesSync(path, savedAt, savedAt);
      return { notebook: readSubmitted(path), time: savedAt };
    };
    const answers = (...notebooks: ReturnType<typeof answered>[]) =>
      Object.fromEntries(writtenAnswers(notebooks, [{ id: 'a' }, { id: 'b' }]));
    const later = answered('part-1.ipynb', 2e9, { a: 'new', b: TEXT_STUB });
    const earlier = answered('part-1 copy.ipynb', 1e9, { a: 'old', b: 'kept' });
    assert.deepEqual(answers(earlier, later), { a: 'new', b: 'kept' });
    assert.deepEqual(answers(later, earlier), { a: 'new', b: 'kept' });
    const atOnce = answered('part-1-2.ipynb', 2e9, { a: 'last by name' });
    assert.deepEqual(answers(earlier, later, atOnce), { a: 'last by name', b: 'kept' });
    const emptied = answered('part-1-3.ipynb', 3e9, { a: ' \n', b: '' });
    assert.deepEqual(answers(earlier, later, emptied), { a: 'new', b: 'kept' });
  });

  describe('without ids and metadata, as Colab saves it', () => {
    const { written } = readWorkbook();
    const parts = readdirSync(join(projectRoot, 'notebooks', 'instructor'))
      .filter((name) => /^part-[123].*\.ipynb$/.test(name))
      .map((name) => join(projectRoot, 'notebooks', 'instructor', name));
    /** The students' copies, each cell changed, as a file has them and the grader reads them. */
    function answered(change: (cell: Cell) => object[]): [string, string][] {
      const root = temporaryFolder();
      const read = parts.map((path, i) => {
        const cells = studentCopy(readNotebook(path)).cells.flatMap(change);
        const bare = cells.map((cell) => ({ ...cell, id: undefined, metadata: {} }));
        const file = join(root, `${i}.ipynb`);
        const metadata = { kernelspec: { name: 'python3', display_name: 'Python 3' } };
        const text = JSON.stringify({ cells: bare, metadata, nbformat: 4, nbformat_minor: 0 });
        writeFileSync(file, text);
        return { notebook: readSubmitted(file), time: 0 };
      });
      return [...writtenAnswers(read, written)];
    }
    const isAnswer = ({ id }: Cell) => written.some((one) => one.id === id);
    const markdown = (source: string) => ({ cell_type: 'markdown', source });
    /** What each is to have: all six, in the order of the workbook. */
    const all = (text: (id: string) => string) => written.map(({ id }) => [id, text(id)]);

    it('has them in the cells after the questions, one or several', () => {
      const answers = answered((cell) =>
        isAnswer(cell) ? [markdown(`of ${cell.id}`), markdown('$x$ and more')] : [cell],
      );
      assert.equal(written.length, 6);
      assert.deepEqual(
        answers,
        all((id) => `of ${id}\n\n$x$ and more`),
      );
    });

    it('has them below the questions, in their cells', () => {
      const answers = answered((cell) => {
        if (isAnswer(cell)) return [];
        const of = written.find(({ place }) => place!.before === cellText(cell));
        return [of ? markdown(`${cellText(cell)}\n\nof ${of.id}`) : cell];
      });
      assert.deepEqual(
        answers,
        all((id) => `of ${id}`),
      );
    });

    it('has none where none is written, and takes nothing from elsewhere', () => {
      assert.deepEqual(
        answered((cell) => [cell]),
        [],
      );
      const beside = answered((cell) =>
        cell.cell_type === 'code' ? [cell, markdown('a note after code')] : [cell],
      );
      assert.deepEqual(beside, []);
    });
  });
});
