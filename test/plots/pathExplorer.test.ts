import assert from 'node:assert/strict';
import { nativeEngine, useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { initialize } from '../../lib/nn';
import { labelsAlong, line, linspace } from '../../lib/paths';
import { pathExplorer, renderSvg } from '../../lib/plots';
import { toyDataset, toyNetwork } from '../toy';
import { quietly } from './quietly';
import { path } from './samples';

describe('pathExplorer', () => {
  before(() => useBackend());
  const dataset = toyDataset(60, 3);
  const ts = linspace(0, 1, 11);
  const figures = path((t) => 0.1 + t * (1 - t), ts);
  const between = (a: number, b: number) =>
    line(initialize(toyNetwork, a), initialize(toyNetwork, b));

  it('shows the digits that change, with their labels at the middle where nothing moves', async () => {
    const labels = await labelsAlong(toyNetwork, between(1, 2), ts, dataset);
    const spec = pathExplorer({ segment: { figures, labels } }, dataset);
    const svg = await quietly(() => renderSvg(spec));
    const images = svg.match(/<image/g)?.length ?? 0;
    const changing = dataset.labels.filter((_, s) => new Set(labels.map((at) => at[s])).size > 1);
    assert.equal(images, Math.min(12, changing.length));
    assert.ok(images > 0);
    assert.match(svg, /train loss 0\.35 nats, accuracy/);
    assert.equal((spec.params as { bind: { input: string } }[])[0]!.bind.input, 'range');
  });

  it('has a slider of short numbers that leaves out no t', async () => {
    // 1, 2 or 5 times a power of ten, at most 1/(points − 1).
    const steps: [points: number, to: number, step: number][] = [
      [2, 1, 1],
      [11, 1, 0.1],
      [30, 1, 0.02],
      [31, 1.5, 0.05],
      [61, 1, 0.01],
      [4, 0.7, 0.2],
    ];
    for (const [points, to, step] of steps) {
      const along = linspace(0, to, points);
      const labels = along.map(() => [...dataset.labels]);
      const spec = pathExplorer({ a: { figures: path((t) => 1 + t, along), labels } }, dataset);
      const [{ bind }] = spec.params as [{ bind: { min: number; max: number; step: number } }];
      assert.deepEqual([bind.min, bind.step], [0, step]);
      const stops = Math.round(bind.max / step);
      assert.ok(Math.abs(bind.max - stops * step) < 1e-9 && bind.max >= to - 1e-9);
      assert.ok(step <= (to / (points - 1)) * (1 + 1e-9));
      if (points > 11) continue;
      const shown = new Set<string>();
      for (let stop = 0; stop <= stops; stop++) {
        const [param] = spec.params as [object];
        const there = { ...spec, params: [{ ...param, value: stop * step }] };
        const losses = (await renderSvg(there)).match(/>train loss [\d.]+ nats/g) ?? [];
        assert.equal(losses.length, 1, `one point is told at ${stop * step}`);
        shown.add(losses[0]!);
      }
      assert.equal(shown.size, points, `${points} points to ${to}`);
    }
  });

  it('has labels that agree with the accuracy', async () => {
    const way = between(3, 4);
    const labels = await labelsAlong(toyNetwork, way, ts, dataset);
    const evaluator = nativeEngine.evaluator(toyNetwork, way.anchors, dataset);
    const figures = await evaluator.evaluate(ts.map(way.coefficients));
    evaluator.dispose();
    for (const [i, { accuracy }] of figures.entries()) {
      const right = labels[i]!.filter((label, s) => label === dataset.labels[s]).length;
      assert.equal(right / dataset.length, accuracy);
    }
  });

  it('refuses paths that do not fit together', async () => {
    const labels = ts.map(() => [1, 2]);
    const full = ts.map(() => [...dataset.labels]);
    assert.throws(() => pathExplorer({}, dataset), InputError);
    assert.throws(
      () => pathExplorer({ a: { figures, labels } }, dataset),
      /expected labels of all 60 samples of the dataset, got 2/,
    );
    assert.throws(
      () => pathExplorer({ a: { figures, labels: labels.slice(1) } }, dataset),
      /expected labels at each of the 11 ts, got 10 lists/,
    );
    const others = { ...figures, ts: linspace(0, 2, 11) };
    assert.throws(
      () => pathExplorer({ a: { figures, labels: full }, b: { figures: others, labels } }, dataset),
      /at the same ts, got 11 of them beside 11, with 0\.2 beside 0\.1/,
    );
  });
});
