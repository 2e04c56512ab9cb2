import assert from 'node:assert/strict';
import type { Dataset } from '../../lib/data';
import type { Evaluator } from '../../lib/engine';
import { addRows } from '../../lib/plane/addRows';
import type { Row } from '../../lib/plane/keptRows';
import { toyDataset } from '../toy';

describe('the rows of a grid', () => {
  let clock = 0;

  const datasets = { train: toyDataset(60, 1), test: toyDataset(40, 2) };
  const disposed: Dataset[] = [];

  /** Has a + 10·b for a loss, tells of the middle and the end, and takes so long a point on all images. */
  const on =
    (ms: number, asked: number[] = [], onTest: number[] = []) =>
    (dataset: Dataset): Evaluator => ({
      async evaluate(points, { onProgress } = {}) {
        (dataset === datasets.train ? asked : onTest).push(points.length);
        clock += (ms * points.length * dataset.length) / 100;
        for (const share of [0.5, 1]) onProgress?.(share);
        return points.map(([, a, b]) => ({ loss: a! + 10 * b!, accuracy: dataset.length }));
      },
      labels: () => assert.fail('nobody asks for labels'),
      dispose: () => void disposed.push(dataset),
    });
  const bs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const as = [0, 1, 2];

  async function rowsAt(ms: number, some: object = datasets, rows: Row[] = []) {
    const [asked, onTest, kept]: number[][] = [[], [], []];
    const told: number[][] = [];
    const { now } = performance;
    performance.now = () => clock;
    try {
      await addRows(rows, { as, bs }, some as typeof datasets, on(ms, asked, onTest), {
        signal: undefined,
        keep: (sofar) => kept!.push(sofar.length),
        onPoint: (...of) => told.push(of),
      });
    } finally {
      performance.now = now;
    }
    const losses = rows.map((row) => row.map(({ train }) => train.loss));
    assert.deepEqual(
      losses,
      bs.map((b) => as.map((a) => a + 10 * b)),
    );
    return { asked, onTest, kept, told, rows };
  }

  it('are as many at once as five seconds have, by what the last ones took', async () => {
    const { asked, kept } = await rowsAt(0);
    assert.deepEqual(asked, [30]);
    assert.deepEqual(kept, [10]);
    const { asked: some, kept: often } = await rowsAt(250);
    assert.deepEqual(some, [18, 12], 'a row takes 0.75 s');
    assert.deepEqual(often, [6, 10]);
    assert.deepEqual((await rowsAt(2000)).asked, Array(10).fill(3), 'one at least');
  });

  it('are one at first where nothing smaller was tried', async () => {
    const { asked } = await rowsAt(250, { train: datasets.train });
    // 60 images of 100 take 0.45 s.
    assert.deepEqual(asked, [3, 27]);
    assert.deepEqual((await rowsAt(1000, { train: datasets.train })).asked, [3, 6, 6, 6, 6, 3]);
  });

  it('are tried on the test set once, and more of them if the others take longer', async () => {
    const { asked, onTest } = await rowsAt(0);
    assert.deepEqual(onTest, [3, 27]);
    assert.deepEqual(asked, [30]);
    assert.deepEqual((await rowsAt(2000)).onTest, Array(10).fill(3));
  });

  it('go on behind those that are there', async () => {
    const rows = (await rowsAt(0)).rows.slice(0, 4);
    const { asked, told } = await rowsAt(0, datasets, rows);
    assert.deepEqual(asked, [18]);
    // Of 100 samples 40 are the test set's: half of them are 0.2 of 3 points, and of the 15 others.
    assert.deepEqual(told, [
      [12, 30],
      [13, 30],
      [16, 30],
      [19, 30],
      [24, 30],
      [30, 30],
    ]);
    const done = (await rowsAt(0)).rows;
    assert.deepEqual((await rowsAt(0, datasets, done)).asked, []);
  });

  it('have figures on the test set where there is one', async () => {
    const { rows } = await rowsAt(0);
    assert.deepEqual(rows[1]![2], {
      train: { loss: 12, accuracy: 60 },
      test: { loss: 12, accuracy: 40 },
    });
    const alone = await rowsAt(0, { train: datasets.train });
    assert.deepEqual(alone.rows[1]![2], { train: { loss: 12, accuracy: 60 } });
    assert.deepEqual(alone.told, [
      [1, 30],
      [3, 30],
      [16, 30],
      [30, 30],
    ]);
  });

  it('dispose of what evaluates them, also where the second cannot be readied', async () => {
    disposed.length = 0;
    await rowsAt(0);
    assert.deepEqual(disposed, [datasets.test, datasets.train]);
    disposed.length = 0;
    const broken = (dataset: Dataset) => {
      if (dataset === datasets.train) throw new Error('no memory');
      return on(0)(dataset);
    };
    const watch = { signal: undefined, keep: () => assert.fail(), onPoint: undefined };
    await assert.rejects(addRows([], { as, bs }, datasets, broken, watch), /no memory/);
    assert.deepEqual(disposed, [datasets.test]);
  });
});
