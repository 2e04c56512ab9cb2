import assert from 'node:assert/strict';
import { DataFrame, Series } from 'danfojs-node';
import { InputError } from '../../lib/errors';
import { htmlTable, isFrame, summaryFrame, textTable } from '../../lib/tables';

describe('htmlTable', () => {
  const long = new DataFrame(
    Array.from({ length: 100 }, (_, k) => [k + 1, 1 / (k + 1)]),
    { columns: ['epoch', 'loss'] },
  );

  it('sets numbers to the right and text to the left, and leaves a plain index out', () => {
    const frame = new DataFrame([['w1', 0.5]], { columns: ['point', 'a'] });
    assert.equal(
      htmlTable(frame),
      [
        '<table>',
        '<thead><tr><th style="text-align: left">point</th><th style="text-align: right">a</th></tr></thead>',
        '<tbody><tr><td style="text-align: left">w1</td><td style="text-align: right; white-space: nowrap">0.5000</td></tr>',
        '</tbody>',
        '</table>',
        '<p>1 row × 2 columns</p>',
      ].join('\n'),
    );
  });

  it('escapes cells, column names and index labels', () => {
    const frame = new DataFrame([['<script>"\'&']], { columns: ['<b>'], index: ['<i>'] });
    const html = htmlTable(frame);
    assert.ok(html.includes('>&#60;script&#62;&#34;&#39;&#38;</td>'));
    assert.ok(html.includes('>&#60;b&#62;</th>') && html.includes('>&#60;i&#62;</td>'));
    assert.doesNotMatch(html, /<(script|b|i)>/);
  });

  it('shortens a long frame in the middle and says so', () => {
    const html = htmlTable(long, { rows: 5 });
    const epochs = [...html.matchAll(/<tr><td style="text-align: right[^"]*">(\d+)</g)].map(
      ([, n]) => n,
    );
    assert.deepEqual(epochs, ['1', '2', '3', '99', '100']);
    assert.match(html, /colspan="2"[^>]*>⋯ 95 rows not shown ⋯</);
    assert.match(html, /<p>100 rows × 2 columns<\/p>/);
  });

  it('shows a frame whole where no more than one row would be hidden', () => {
    for (const rows of [100, 99]) {
      assert.doesNotMatch(htmlTable(long, { rows }), /not shown/);
      assert.equal(textTable(long, { rows }).split('\n').length, 1 + 100 + 1);
    }
    assert.match(htmlTable(long, { rows: 98 }), /⋯ 2 rows not shown ⋯/);
  });

  it('shows 200 000 rows in short, in both kinds of table', () => {
    const series = new Series(Array.from({ length: 200_000 }, (_, i) => i / 7));
    assert.match(htmlTable(series), /<p>200000 rows × 1 column<\/p>/);
    assert.match(textTable(series), /⋯ 199980 rows not shown ⋯\n[\s\S]*200000 rows × 1 column$/);
  });

  it('refuses to show fewer than two rows', () => {
    assert.throws(() => htmlTable(long, { rows: 1 }), /htmlTable: rows must be an integer/);
  });

  it('shows a frame without rows by its columns', () => {
    const empty = long.query(long.epoch.gt(1000));
    assert.match(htmlTable(empty), />loss<\/th>[\s\S]*<p>0 rows × 2 columns<\/p>/);
  });
});

describe('textTable', () => {
  it('stands in columns', () => {
    const frame = new DataFrame(
      [
        ['line', 1.5],
        ['chain', 10],
      ],
      { columns: ['path', 'peak'] },
    );
    assert.equal(
      textTable(frame),
      ['path     peak', 'line    1.500', 'chain  10.000', '2 rows × 2 columns'].join('\n'),
    );
  });

  it('shows a series with its index', () => {
    const text = textTable(new Series([1, 2], { index: ['a', 'b'], columns: ['n'] }));
    assert.equal(text, ['   n', 'a  1', 'b  2', '2 rows × 1 column'].join('\n'));
  });
});

describe('columns called as something of danfo, or of every object', () => {
  /** Every name that a frame of danfo has, by itself or from its prototypes. */
  function namesOf(frame: object): string[] {
    const names = [frame, 'of a text'].flatMap((value) => {
      const own: string[] = [];
      for (let at = Object(value); at !== null; at = Object.getPrototypeOf(at)) {
        own.push(...Object.getOwnPropertyNames(at));
      }
      return own;
    });
    return [...new Set([...names, '', ' ', 'then', 'toJSON', '0'])];
  }
  const names = namesOf(new DataFrame([[1]], { columns: ['a'] })).filter((n) => n !== 'name');

  it('are shown as any other', () => {
    assert.ok(['index', 'columns', 'values', 'shape', '__proto__'].every((n) => names.includes(n)));
    for (const name of names.filter((n) => !hidden.includes(n))) {
      const frames = [
        new DataFrame(
          [
            ['x', 1],
            ['y', 2],
          ],
          { columns: ['name', name] },
        ),
        summaryFrame({ x: Object.fromEntries([[name, 1]]), y: Object.fromEntries([[name, 2]]) }),
      ];
      for (const frame of frames) {
        assert.ok(isFrame(frame), name);
        const width = Math.max(1, name.length);
        const lines = [`name  ${name.padStart(width)}`, `x     ${'1'.padStart(width)}`];
        const expected = [...lines, `y     ${'2'.padStart(width)}`, '2 rows × 2 columns'];
        assert.deepEqual(
          textTable(frame).split('\n'),
          expected.map((line) => line.trimEnd()),
          name,
        );
        assert.match(htmlTable(frame), /<td style="text-align: right[^"]*">2<\/td>/, name);
      }
    }
  });

  const hidden = ['$data', '$columns', '$index', '$isSeries'];
  it('are refused in one sentence where danfo would lose its own', () => {
    for (const name of ['$data', '$columns', '$index']) {
      const frame = new DataFrame([[1]], { columns: [name] });
      assert.ok(isFrame(frame), name);
      assert.throws(
        () => textTable(frame),
        new RegExp(`textTable: a column called \\${name} hides`),
      );
    }
    for (const name of hidden) {
      assert.throws(() => summaryFrame({ x: { [name]: 1 } }), InputError);
    }
    assert.throws(() => summaryFrame({ x: { name: 'y' } }), /a figure is called name/);
  });

  it('are missing where a row has none of its own', () => {
    const frame = summaryFrame<object>({ x: { constructor: 1 }, y: { toString: 2 } });
    const none = Number.NaN;
    assert.deepEqual(frame.values, [
      ['x', 1, none],
      ['y', none, 2],
    ]);
  });
});

describe('isFrame', () => {
  it('knows frames and series from other values', () => {
    assert.ok(isFrame(new DataFrame([[1]], { columns: ['a'] })));
    assert.ok(isFrame(new Series([1])));
    for (const other of [null, undefined, 1, 'x', [], {}, { columns: [], index: [] }]) {
      assert.equal(isFrame(other), false);
    }
  });
});
