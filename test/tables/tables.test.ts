import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { DataFrame, Series } from 'danfojs-node';
import { InputError } from '../../lib/errors';
import {
  historyFrame,
  htmlTable,
  isFrame,
  pathFrame,
  summaryFrame,
  textTable,
} from '../../lib/tables';
import { formatColumn } from '../../lib/tables/format';

describe('frames', () => {
  it('a history has a row for each epoch and NaN where test was not measured', () => {
    const first = { epoch: 1, learningRate: 0.1, trainLoss: 2, trainAcc: 0.5 };
    const second = { ...first, epoch: 2, testLoss: 1, testAcc: 0.75 };
    const frame = historyFrame([first, second]);
    const columns = ['epoch', 'learningRate', 'trainLoss', 'trainAcc', 'testLoss', 'testAcc'];
    assert.deepEqual(frame.columns, columns);
    assert.deepEqual(frame.values, [
      [1, 0.1, 2, 0.5, Number.NaN, Number.NaN],
      [2, 0.1, 2, 0.5, 1, 0.75],
    ]);
  });

  it('a path has a row for each t', () => {
    const frame = pathFrame({
      ts: [0, 1],
      trainLoss: [1, 2],
      trainAcc: [3, 4],
      testLoss: [5, 6],
      testAcc: [7, 8],
    });
    assert.deepEqual(frame.columns, ['t', 'trainLoss', 'trainAcc', 'testLoss', 'testAcc']);
    assert.deepEqual(frame.values, [
      [0, 1, 3, 5, 7],
      [1, 2, 4, 6, 8],
    ]);
  });

  it('a summary has a row for each name and every column that any row has', () => {
    const frame = summaryFrame<object>({ line: { peak: 1.5 }, chain: { peak: 0.01, mean: 0.005 } });
    assert.deepEqual(frame.columns, ['name', 'peak', 'mean']);
    assert.deepEqual(frame.values, [
      ['line', 1.5, Number.NaN],
      ['chain', 0.01, 0.005],
    ]);
  });

  it('refuse to be empty', () => {
    const none = { ts: [], trainLoss: [], trainAcc: [], testLoss: [], testAcc: [] };
    assert.throws(() => historyFrame([]), InputError);
    assert.throws(() => pathFrame(none), InputError);
    assert.throws(() => summaryFrame({}), InputError);
  });
});

describe('numbers in a column', () => {
  const columns: [string, unknown[], string[]][] = [
    ['whole ones as they are', [1, 60000, -3], ['1', '60000', '-3']],
    // The least is 0.976, four digits of which are four decimals.
    ['the same decimals', [0.97624, 1], ['0.9762', '1.0000']],
    // 1 sample of 60000 wrong is 0.99998; four decimals would show 1.0000.
    ['what is not 1 not as 1', [0.9999833, 1], ['0.99998', '1.00000']],
    ['four digits each over a wide range', [2.31415, 0.000123456], ['2.314', '1.235e-4']],
    ['no tail of zeros over a wide range', [1.5, 0.0095], ['1.5', '0.0095']],
    ['NaN and ∞', [Number.NaN, 0.5, -Infinity], ['NaN', '0.5000', '-Infinity']],
    ['nothing at all', [Number.NaN], ['NaN']],
    ['zero', [0, 0.25], ['0.0000', '0.2500']],
    ['large ones', [1234567.8, 2.5], ['1.235e+6', '2.5']],
    ['text, booleans, what is missing', ['a', true, null, undefined], ['a', 'true', '', '']],
  ];
  for (const [name, values, expected] of columns) {
    it(`shows ${name}`, () => assert.deepEqual(formatColumn(values), expected));
  }
});

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
        '<tbody><tr><td style="text-align: left">w1</td><td style="text-align: right">0.5000</td></tr>',
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
    const epochs = [...html.matchAll(/<tr><td style="text-align: right">(\d+)</g)].map(
      ([, n]) => n,
    );
    assert.deepEqual(epochs, ['1', '2', '3', '99', '100']);
    assert.match(html, /colspan="2"[^>]*>⋯ 95 rows not shown ⋯</);
    assert.match(html, /<p>100 rows × 2 columns<\/p>/);
  });

  it('shows a frame of just as many rows whole', () => {
    assert.doesNotMatch(htmlTable(long, { rows: 100 }), /not shown/);
    assert.match(htmlTable(long, { rows: 99 }), /⋯ 1 row not shown ⋯/);
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
        assert.match(htmlTable(frame), /<td style="text-align: right">2<\/td>/, name);
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

describe('danfo', () => {
  const run = (code: string) =>
    execFileSync(process.execPath, ['--require', 'tsx', '--eval', code], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('is loaded only when a frame is wanted', () => {
    const loaded = "Object.keys(require.cache).some((path) => path.includes('danfojs-node'))";
    const frame = 'tables.summaryFrame({ a: { b: 1 } })';
    const code = `const tables = require('./lib/tables'); console.log(${loaded}); ${frame}; console.log(${loaded})`;
    assert.equal(run(code), 'false\ntrue\n');
  });

  it('prints nothing when it is loaded and used', () => {
    const code = `
      const write = process.stderr.write;
      process.stderr.write = (text) => { process.stdout.write(text); return true; };
      process.on('warning', (warning) => process.stdout.write(String(warning)));
      const { summaryFrame, htmlTable } = require('./lib/tables');
      const frame = summaryFrame({ a: { b: 1 }, c: { b: 2 } });
      htmlTable(frame); frame.describe(); frame.b.mean(); frame.iloc({ rows: [0] });
      setTimeout(() => {}, 50);`;
    assert.equal(run(code), '');
  });
});
