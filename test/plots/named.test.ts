import assert from 'node:assert/strict';
import { makeDataset } from '../../lib/data';
import type { PathEnds } from '../../lib/paths';
import {
  historyPlot,
  type PlotSpec,
  pathExplorer,
  pathPlot,
  planePlot,
  renderSvg,
  segmentAgainstChain,
  spreadPlot,
  sweepPathsPlot,
} from '../../lib/plots';
import { historyFrame } from '../../lib/tables';
import { gridOf, history, hump, lengths, low, path } from './samples';

const textsOf = async (plot: PlotSpec) =>
  [...(await renderSvg(plot)).matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, text]) => text!);

describe('a plot of a loss that is not cross-entropy', () => {
  const lossName = 'Brier score (squares)';
  const figures = { ...low, lossName };

  for (const [kind, plot, title] of [
    ['paths', pathPlot({ line: figures }), lossName],
    ['trainings', historyPlot({ run: [{ ...history(2, true)[0]!, lossName }] }), 'log'],
    ['segment and chain', segmentAgainstChain(figures, figures), 'log'],
    ['a sweep', sweepPathsPlot([{ configuration: 'a', segment: figures, chain: figures }]), 'log'],
  ] as const) {
    it(`calls it by its name: ${kind}`, async () => {
      const texts = await textsOf(plot);
      const told = title === 'log' ? 'Brier score (squares, log axis)' : title;
      assert.ok(
        texts.some((text) => text.endsWith(told)),
        texts.join('\n'),
      );
      assert.doesNotMatch(JSON.stringify(plot), /nats|cross-entropy/);
    });
  }

  it('calls it by its name: a plane, whose legend is narrow', async () => {
    const grid = gridOf([0, 1, 2], [0, 1], (a, b) => 1 + a + 2 * b);
    const options = { points: [], lengths } as const;
    const plot = planePlot(
      { ...grid, lossName: 'mean of the squares of all logits (squares)' },
      options,
    );
    const texts = await textsOf(plot);
    for (const line of ['train loss:', 'mean of the squares of', 'all logits (squares)']) {
      assert.ok(texts.includes(line), texts.join('\n'));
    }
    assert.doesNotMatch(JSON.stringify(plot), /nats|cross-entropy/);
    assert.match(JSON.stringify(planePlot(grid, options)), /'train loss \(nats\)'/);
  });

  it('names each where there are two, and cross-entropy as ever', async () => {
    assert.ok(
      (await textsOf(pathPlot({ a: figures, b: low }))).includes(
        'Brier score (squares); cross-entropy loss (nats)',
      ),
    );
    assert.ok((await textsOf(pathPlot({ b: low }))).includes('cross-entropy loss (nats)'));
  });

  it('on one line, which the expressions of a tooltip take', async () => {
    const broken = { ...low, lossName: 'Brier score\n(squares)', ends: ['w₁\n', 'w₂'] as const };
    const texts = await textsOf(pathPlot({ 'two\nlines': broken }));
    assert.ok(texts.includes('Brier score (squares)'));
    assert.ok(texts.includes('t (fraction of the path from w₁ to w₂)'), texts.join('\n'));
    const rows = [{ configuration: 'a', 'barrier\r\n(nats)': 1.2 }];
    assert.ok((await textsOf(spreadPlot(rows))).includes('barrier (nats)'));
  });

  it('is no column of its history', () => {
    const rows = history(2, false);
    assert.deepEqual(
      historyFrame(rows.map((row) => ({ ...row, lossName }))).columns,
      historyFrame(rows).columns,
    );
  });
});

describe('a plot of paths says from where to where they run', () => {
  const from = (ends: PathEnds, figures = low) => ({ ...figures, ends });

  it('at the axis where all have the same ends', async () => {
    const texts = await textsOf(pathPlot({ one: from(['b', 'a']), two: from(['b', 'a'], hump) }));
    assert.equal(texts.filter((t) => t === 't (fraction of the path from b to a)').length, 2);
    const evenly = path((t) => 1 + t, [0, 0.5, 1]);
    const digits = makeDataset({
      ...{ name: 'two', imageShape: [1, 2, 2], classes: 2 },
      ...{ images: new Uint8Array(8), labels: new Uint8Array(2) },
    });
    const labels = [
      [0, 0],
      [0, 1],
      [1, 1],
    ];
    const explored = { figures: from(['b', 'a'], evenly), labels };
    const explorer = await textsOf(pathExplorer({ one: explored }, digits));
    assert.ok(explorer.includes('t (fraction of the path from b to a)'));
    const other = { figures: from(['w₁', 'w₂'], evenly), labels };
    const both = await textsOf(pathExplorer({ one: explored, two: other }, digits));
    assert.ok(both.includes('t runs from w₁ to w₂: two'));
  });

  it('in the subtitle where they have others', async () => {
    const texts = await textsOf(
      pathPlot({ one: from(['b', 'a']), two: from(['w₁', 'w₂']), three: from(['b', 'a']) }),
    );
    for (const line of ['t runs from b to a: one, three', 't runs from w₁ to w₂: two']) {
      assert.ok(texts.includes(line), texts.join('\n'));
    }
  });

  it('in the subtitle of a sweep, whose panels are narrow', async () => {
    const pair = { configuration: 'a', chain: from(['w₁', 'w₂']) };
    const told = async (segment: typeof low) =>
      (
        await textsOf(
          sweepPathsPlot([
            { ...pair, segment },
            { ...pair, segment },
          ]),
        )
      ).filter((text) => text.startsWith('t runs'));
    assert.deepEqual(await told(from(['w₁', 'w₂'], hump)), ['t runs from w₁ to w₂']);
    assert.deepEqual(await told(from(['w₂', 'w₁'], hump)), [
      't runs from w₂ to w₁: linear combination of two minima',
      't runs from w₁ to w₂: 1-bend chain',
    ]);
  });

  // Losses 1 at w₁ and 2 at w₂; the chain begins at w₁.
  it('and tells a segment that runs against its chain', async () => {
    const chain = path((t) => 1 + t, [0, 0.5, 1]);
    const along = path((t) => 1 + t + 5 * t * (1 - t), [0, 0.5, 1]);
    const against = path((t) => 2 - t + 5 * t * (1 - t), [0, 0.5, 1]);
    const right = await textsOf(segmentAgainstChain(along, chain));
    assert.ok(right.includes('t (fraction of the path from w₁ to w₂)'));
    const wrong = await textsOf(segmentAgainstChain(against, chain));
    for (const line of [
      't runs from w₂ to w₁: linear combination of two minima',
      't runs from w₁ to w₂: 1-bend chain',
    ]) {
      assert.ok(wrong.includes(line), wrong.join('\n'));
    }
  });
});
