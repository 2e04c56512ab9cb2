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

  it('has no line on its frame', async () => {
    // Part 4.1's sharpness, whose limits are 2/η = 5 and 10, and one that goes below 0.
    const limits = { '2/η of 0.2': { x: [0, 600], y: [10, 10] }, b: { x: [0, 600], y: [0, 5] } };
    for (const [series, lines, edge] of [
      [limits, [10], 0],
      [{ a: { x: [0, 1], y: [-20, -10] } }, [-20, -10], undefined],
    ] as const) {
      const [{ encoding }] = figuresPlot([{ ...panel, series }]).hconcat as [
        { encoding: { y: { scale: { domainMin: number; domainMax: number } } } },
      ];
      const { domainMin, domainMax } = encoding.y.scale;
      for (const y of lines) assert.ok(domainMin < y && y < domainMax, String(y));
      if (edge !== undefined) assert.equal(domainMin, edge);
    }
    // Ten is a tick, below the frame's upper edge at y = 0.
    const svg = await quietly(() => renderSvg(figuresPlot([{ ...panel, series: limits }])));
    const flat = [...svg.matchAll(/d="M0,([\d.]+)L280,\1"/g)].map(([, y]) => Number(y));
    assert.ok(flat.length > 0 && flat.every((y) => y > 2), svg);
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
