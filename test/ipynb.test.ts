import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinStreams, notebookText, readNotebook, sourceLines, wholeText } from '../lib/ipynb';
import { temporaryFolder } from './temporaryFolder';

const stream = (name: string, text?: string | string[]) => {
  return { output_type: 'stream', name, ...(text !== undefined && { text }) };
};

describe('a notebook file', () => {
  const empty = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const path = join(temporaryFolder(), 'part.ipynb');

  it('is read, also with a byte order mark, as some editors save it', () => {
    for (const mark of ['', '\ufeff']) {
      writeFileSync(path, mark + notebookText(empty));
      assert.deepEqual(readNotebook(path), empty);
    }
  });

  it('is refused in a sentence that names it and the remedy', () => {
    for (const [text, told] of [
      ['{', /^InputError: part\.ipynb is no notebook: .*; ask for it$/],
      [
        'null',
        /^InputError: part\.ipynb is no notebook of format 4: got nbformat undefined; save it anew/,
      ],
      [
        '{"nbformat": 3}',
        /^InputError: part\.ipynb is no notebook of format 4: got nbformat 3; save it anew/,
      ],
      [
        '{"nbformat": 4}',
        /^InputError: part\.ipynb is no notebook: it has no list of cells; ask for it$/,
      ],
    ] as const) {
      writeFileSync(path, text);
      assert.throws(() => readNotebook(path, 'part.ipynb', 'ask for it'), told);
    }
  });

  it('holds text whole or by lines', () => {
    for (const text of ['', 'a', 'a\nb', 'a\n\nb\n']) {
      assert.equal(wholeText(text), text);
      assert.equal(wholeText(sourceLines(text)), text);
    }
    assert.deepEqual(sourceLines('a\n\nb\n'), ['a\n', '\n', 'b\n']);
    assert.equal(wholeText(undefined), '');
  });

  it('may hold what was printed in pieces, which are one stream', () => {
    const pieces = [stream('stdout', 'a\n'), stream('stdout', ['b\n', 'c']), stream('stdout')];
    assert.deepEqual(joinStreams(pieces), [stream('stdout', ['a\n', 'b\n', 'c'])]);
  });

  it('keeps streams apart that have another name, or an output between them', () => {
    const plot = { output_type: 'display_data', data: {} };
    const apart = [stream('stdout', 'a'), stream('stderr', 'b'), stream('stdout', 'c'), plot];
    assert.deepEqual(joinStreams([...apart, stream('stdout', 'd')]), [
      ...apart,
      stream('stdout', 'd'),
    ]);
    assert.deepEqual(joinStreams([plot, plot]), [plot, plot], 'no streams');
  });
});
