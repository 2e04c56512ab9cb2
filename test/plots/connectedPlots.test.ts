import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { spanningTree } from '../../lib/connected';
import { matrixPlot, renderSvg, seriesPlot, treePlot } from '../../lib/plots';
import { quietly } from './quietly';

const matrix = [
  [0, 1, 4, 3],
  [1, 0, 2, 0.002],
  [4, 2, 0, 5],
  [3, 0.002, 5, 0],
];
const specs = {
  series: seriesPlot(
    [
      { name: 'raw', x: 64, y: 1.2 },
      { name: 'raw', x: 128, y: 0.4 },
      { name: 'matched', x: 64, y: 0.1 },
      { name: 'matched', x: 128, y: 0 },
    ],
    { xTitle: 'neurons', yTitle: 'barrier (nats)', logX: true, logY: true },
  ),
  matrix: matrixPlot(matrix, { quantity: 'barrier (nats)' }),
  tree: treePlot(spanningTree(matrix), { quantity: 'barrier (nats)' }),
};

describe('plots of what is connected', () => {
  for (const [name, spec] of Object.entries(specs)) {
    it(`${name} renders without a warning`, async () => {
      const svg = await quietly(() => renderSvg(spec));
      assert.match(svg, /aria-label=/);
      if (process.env.LAB_LOOK) writeFileSync(`${process.env.LAB_LOOK}/${name}.svg`, svg);
    });
  }

  it('leave out what a log axis cannot show, and say all of it in words', () => {
    const { values } = specs.series.data as { values: unknown[] };
    assert.equal(values.length, 3);
    assert.match(
      specs.series.description!,
      /raw: 1\.2 at 64, 0\.4 at 128; matched: 0\.1 at 64, 0 at/,
    );
    assert.match(specs.matrix.description!, /4 by 4: beside the diagonal from 0\.002 to 5/);
    assert.match(specs.tree.description!, /: 1 to 2: 1; 2 to 4: 0\.002; 2 to 3: 2\./);
  });

  it('put each generation of a tree on a circle of its own', () => {
    type Dots = { readonly data: { readonly values: readonly { x: number; y: number }[] } };
    const [, , dots] = specs.tree.layer as readonly Dots[];
    const far = dots!.data.values.map(({ x, y }) => Math.hypot(x, y).toFixed(3));
    assert.deepEqual(far, ['0.000', '1.000', '2.000', '2.000']);
  });

  it('refuse what is none', () => {
    const quantity = 'barrier (nats)';
    assert.throws(() => seriesPlot([], { xTitle: 'x', yTitle: 'y' }), /no points/);
    assert.throws(() => matrixPlot([[1], [1, 2]], { quantity }), /equally many/);
    assert.throws(() => treePlot([], { quantity }), /no edges/);
    const loose = [
      { from: 0, to: 1, cost: 1 },
      { from: 2, to: 3, cost: 1 },
    ];
    assert.throws(() => treePlot(loose, { quantity }), /from 2 to 3 hangs on nothing/);
    const round = [
      { from: 0, to: 1, cost: 1 },
      { from: 1, to: 0, cost: 1 },
    ];
    assert.throws(() => treePlot(round, { quantity }), /two ways lead to 0/);
  });
});
