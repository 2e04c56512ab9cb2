import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import { figuresPlot, renderSvg } from '../../lib/plots';
import { quietly } from './quietly';

describe('figuresPlot', () => {
  const curve = { x: [0, 1, 2], y: [1, Number.NaN, 100] };
  const panel = { xTitle: 'epoch', yTitle: 'sharpness', series: { 'η = 0.1': curve } };

  it('draws panels beside each other, a name in one colour, with gaps where nothing can be', async () => {
    const other = { ...panel, yLog: true, series: { 'η = 0.1': { ...curve, y: [0, 1, 10] } } };
    const plot = figuresPlot([panel, { ...other, marks: 'points' }], { title: 'Two' });
    const panels = plot.hconcat as { data: { values: { y: number | null }[] }; mark: object }[];
    const drawn = panels.map(({ data }) => data.values.map(({ y }) => y));
    assert.deepEqual(drawn, [
      [1, null, 100],
      [null, 1, 10],
    ]);
    assert.equal(plot.description, 'Two: sharpness over epoch; sharpness over epoch; η = 0.1.');
    const svg = await quietly(() => renderSvg(plot));
    for (const text of ['Two', 'epoch', 'sharpness (log axis)', 'η = 0.1']) {
      assert.ok(svg.includes(text), text);
    }
  });

  it('writes short numbers on its axes in full', async () => {
    const steep = { ...panel, series: { one: { x: [0, 120_000], y: [0.0002, 80] } } };
    const svg = await quietly(() => renderSvg(figuresPlot([steep])));
    for (const tick of ['80', '20', '100000']) assert.ok(svg.includes(`>${tick}</text>`), tick);
    assert.ok(!/>[0-9.]+e/.test(svg));
  });

  it('takes typed arrays, as eigenvalues come', () => {
    const typed = { x: Float64Array.of(1, 2), y: Float64Array.of(3, Number.NaN) };
    const [{ data }] = figuresPlot([{ ...panel, series: { typed } }]).hconcat as [{ data: object }];
    assert.deepEqual(data, {
      values: [
        { name: 'typed', x: 1, y: 3 },
        { name: 'typed', x: 2, y: null },
      ],
    });
  });

  it('refuses more x than y, or fewer, whose points would be another’s or lost', () => {
    for (const x of [[0, 1], [0, 1, 2, 3], []]) {
      const series = { curve: { ...curve, x } };
      const message = new RegExp(`curve has ${x.length} x and 3 y`);
      assert.throws(() => figuresPlot([{ ...panel, series }]), message);
    }
  });

  it('refuses no panel', () => assert.throws(() => figuresPlot([]), InputError));
});
