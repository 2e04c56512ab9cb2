import assert from 'node:assert/strict';
import type { Cell } from '../../lib/ipynb';
import { solution, whyNoSolution } from '../../lib/workbook';
import { answered, codeCell, notebookOf } from './cells';

describe('solutions', () => {
  const own: Cell = { ...codeCell('save()', { tags: ['instructor'] }), id: 'own' };
  const source = notebookOf(codeCell(answered), own);

  it('keep outputs, and no counts; streams in one piece', () => {
    const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text: [text] });
    const executed = notebookOf(
      {
        ...codeCell(answered, { execution: { 'iopub.execute_input': '2026' } } as Cell['metadata']),
        outputs: [stream('a\n'), stream('b\n'), ...(codeCell('').outputs ?? [])],
      },
      own,
    );
    const { cells } = solution(executed, source);
    assert.equal(cells.length, 1);
    assert.deepEqual(cells[0]!.metadata, {});
    assert.deepEqual(cells[0]!.outputs, [
      { output_type: 'stream', name: 'stdout', text: ['a\n', 'b\n'] },
      { output_type: 'execute_result', execution_count: null, data: {}, metadata: {} },
    ]);
  });

  it('are told from other cells, failures and small runs', () => {
    assert.equal(whyNoSolution(source, source), undefined);
    const other = notebookOf(codeCell(`${answered}\n`));
    assert.match(whyNoSolution(other, source)!, /'a-cell' differs from the source/);
    const more = notebookOf(...source.cells, { ...codeCell('1'), id: 'more' });
    assert.match(whyNoSolution(more, source)!, /'more' is not in the source/);
    const error = [{ output_type: 'error', ename: 'E', evalue: '', traceback: [] }];
    const failed = notebookOf({ ...codeCell(answered), outputs: error });
    assert.match(whyNoSolution(failed, source)!, /'a-cell' failed/);
    const small = { ...source, metadata: { pathlab: { size: 'small' } } };
    assert.match(whyNoSolution(small, source)!, /size small, not full/);
  });
});
