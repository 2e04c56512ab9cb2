import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import { linspace } from '../../lib/paths';
import type { Grid } from '../../lib/plane';
import { planePlot, renderSvg } from '../../lib/plots';
import { bowl, drawn, options, small, subtitle } from './planes';
import { quietly } from './quietly';
import { gridOf } from './samples';

describe('planePlot of odd grids', () => {
  const one = (loss: number) => gridOf([0], [0], () => loss);
  const holes = gridOf(linspace(-1, 1, 6), linspace(-1, 1, 5), (a, b) =>
    a > 0.5 ? (b > 0 ? Number.NaN : Infinity) : bowl(a, b),
  );
  const odd: Record<string, Grid> = {
    'one point': one(0.3),
    'one row': gridOf(linspace(-1, 1, 9), [0.25], bowl),
    'one column': gridOf([0.25], linspace(-1, 1, 9), bowl),
    'two by two': gridOf([0, 1], [0, 1], (a, b) => 0.1 + a + b),
    'two by many': gridOf([0, 1], linspace(0, 1, 7), bowl),
    'a constant': gridOf([0, 0.5, 1], [0, 1], () => 0.5),
    'almost a constant': gridOf([0, 0.5, 1], [0, 1], (a) => 0.5 + 1e-9 * a),
    'all zero': gridOf([0, 0.5, 1], [0, 1], () => 0),
    'a zero among others': gridOf([0, 0.5, 1], [0, 1], (a) => a),
    'NaN and ∞ cells': holes,
    'nothing finite': gridOf([0, 1], [0, 1], () => Number.NaN),
    'forty decades': gridOf([0, 0.5, 1], [0, 1], (a) => 10 ** (40 * a - 30)),
  };
  for (const [name, grid] of Object.entries(odd)) {
    for (const quantity of ['trainLoss', 'testAcc'] as const) {
      it(`${name}: ${quantity} renders without a warning, NaN or ∞`, async () => {
        const spec = planePlot(grid, { ...options, quantity });
        const svg = await quietly(() => renderSvg(spec));
        assert.doesNotMatch(svg.replace(/aria-label="[^"]*"/g, ''), /NaN|Infinity|undefined/);
        assert.ok((spec.width as number) > 0 && (spec.height as number) > 0);
        JSON.stringify(spec, (_, value) => {
          assert.ok(typeof value !== 'number' || Number.isFinite(value), 'JSON has no such number');
          return value;
        });
      });
    }
  }

  it('shows cells without a finite loss in grey, and counts them', async () => {
    // Columns at a = −1, −0.6, −0.2, 0.2, 0.6, 1: two of six are past 0.5, in five rows.
    const spec = planePlot(holes, options);
    assert.match(subtitle(spec), /grey: 10 cells not finite/);
    const svg = await renderSvg(spec);
    assert.equal(svg.match(/fill="#9a9a9a"/g)?.length, 10);
  });

  it('draws a single row as stripes that stand where its losses cross the levels', async () => {
    const grid = gridOf(linspace(0, 4, 5), [0.7], (a) => 10 ** (a - 3));
    const spec = planePlot(grid, { ...options, clip: 1 });
    const { contours } = await drawn(spec);
    for (const { value, rings } of contours) {
      const left = Math.min(...rings.flat().map(({ a }) => a));
      // log₁₀ L = a − 3 is linear, so the stripe of level L begins at 3 + log₁₀ L exactly.
      assert.ok(Math.abs(left - (3 + value)) < 1e-4, `level ${10 ** value} begins at ${left}`);
    }
    assert.ok(contours.length >= 6);
    assert.match(subtitle(spec), /only b = 0\.7/);
    assert.doesNotMatch(subtitle(spec), /chain/);
  });

  it('refuses a grid, lengths or a clip that cannot be drawn', () => {
    const fails = (act: () => unknown, message: RegExp) =>
      assert.throws(act, (error) => error instanceof InputError && message.test(error.message));
    fails(() => planePlot(gridOf([], [0], bowl), options), /as must be at least one number/);
    fails(() => planePlot(gridOf([0, 1, 3], [0], bowl), options), /as .*evenly spaced/);
    fails(() => planePlot(gridOf([0], [Number.NaN], bowl), options), /bs must be/);
    fails(
      () => planePlot({ ...small, testAcc: [[1]] }, options),
      /testAcc must have 4 rows \(bs\) of 5 figures \(as\), got 1 rows of 1/,
    );
    fails(() => planePlot(small, { ...options, lengths: { u: 0, v: 1 } }), /lengths/);
    for (const clip of [0, -1, Number.NaN, Infinity]) {
      fails(() => planePlot(small, { ...options, clip }), /clip must be a positive/);
    }
    fails(() => planePlot(small, { ...options, quantity: 'testAcc', clip: 1 }), /clip is for loss/);
  });
});
