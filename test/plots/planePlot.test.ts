import assert from 'node:assert/strict';
import { linspace } from '../../lib/paths';
import { type PlotSpec, planePlot, renderSvg } from '../../lib/plots';
import { bowl, drawn, options, small, subtitle, thresholds } from './planes';
import { quietly } from './quietly';
import { gridOf, points } from './samples';
import { matchSnapshot } from './snapshot';

describe('planePlot', () => {
  const specs: Record<string, PlotSpec> = {
    'plane-loss': planePlot(small, options),
    'plane-clipped': planePlot(small, { ...options, quantity: 'testLoss', clip: 1, title: 'Test' }),
    'plane-accuracy': planePlot(small, { ...options, quantity: 'trainAcc' }),
  };
  for (const [name, spec] of Object.entries(specs)) {
    it(`${name} is as it was`, () => matchSnapshot(name, spec));

    it(`${name} renders without a warning`, async () => {
      const svg = await quietly(() => renderSvg(spec));
      assert.match(svg, />a \(in units of \|û\| = 12\.3\)<\/text>/);
      assert.match(svg, />b \(in units of \|v̂\| = 8\)<\/text>/);
      for (const { label } of points) assert.ok(svg.includes(`>${label}</text>`), label);
    });
  }

  // Loss e^(kρ) of the distance ρ to a centre has circles for contours: level L at ρ = ln(L)/k.
  // Log loss is kρ, which is linear but for a curvature of at most k/ρ across the radius, so the
  // linear interpolation between grid points h apart errs by at most h²/(8ρ): for ρ ≥ 3h by
  // h/24 = 0.042 h. A shift by half a cell would be 0.5 h.
  const circles: Record<string, { as: number[]; bs: number[] }> = {
    'a square of the plane': { as: linspace(-1, 1, 41), bs: linspace(-1, 1, 41) },
    'nx ≠ ny': { as: linspace(-1, 1, 51), bs: linspace(-1, 1, 31) },
    'a rectangle off centre': { as: linspace(-0.6, 1.7, 47), bs: linspace(-1.4, 0.9, 40) },
    'both axes downwards': { as: linspace(1, -1, 41), bs: linspace(1.2, -0.8, 51) },
    'one axis downwards': { as: linspace(1, -1.2, 41), bs: linspace(-0.8, 1.2, 51) },
  };
  const centre = { a: 0.2, b: -0.1 };
  const k = 4;
  for (const [name, { as, bs }] of Object.entries(circles)) {
    it(`draws circles where they are: ${name}`, async () => {
      const rho = (a: number, b: number) => Math.hypot(a - centre.a, b - centre.b);
      const spec = planePlot(
        gridOf(as, bs, (a, b) => Math.exp(k * rho(a, b))),
        { chain: [], points: [], lengths: { u: 3, v: 5 } },
      );
      const step = Math.max(Math.abs(as[1]! - as[0]!), Math.abs(bs[1]! - bs[0]!));
      const inside = ({ a, b }: { a: number; b: number }) =>
        a > Math.min(...as) && a < Math.max(...as) && b > Math.min(...bs) && b < Math.max(...bs);
      let checked = 0;
      for (const { value, rings } of (await drawn(spec)).contours) {
        const radius = (value * Math.LN10) / k;
        if (radius < 3 * step) continue;
        for (const point of rings.flat().filter(inside)) {
          const off = Math.abs(rho(point.a, point.b) - radius);
          assert.ok(off <= 0.05 * step, `level ${10 ** value}: off by ${off / step} cells`);
          checked++;
        }
      }
      assert.ok(checked > 300, `only ${checked} points checked`);
    });
  }

  it('colours each grid point by its own loss', async () => {
    const spec = planePlot(small, options);
    const { contours, cells } = await drawn(spec);
    for (const { a, b, trainLoss } of cells) {
      // Just inside the picture, as a point on its edge is on the edge of a contour too.
      const at = { a: 0.5 + (a - 0.5) * 0.999, b: 0.5 + (b - 0.5) * 0.999 };
      const reached = contours.filter(({ rings }) => contains(rings, at)).length;
      const expected = thresholds(spec).filter((t) => t < Math.log10(Number(trainLoss))).length;
      assert.equal(reached, expected, `at (${a}, ${b}), loss ${trainLoss}`);
    }
  });

  it('gives the pointer each cell with its coordinates', async () => {
    const { cells } = await drawn(planePlot(small, options));
    const expected = small.bs.flatMap((b) => small.as.map((a) => ({ a, b })));
    cells.forEach(({ a, b, trainLoss }, index) => {
      assert.ok(
        Math.abs(a - expected[index]!.a) < 1e-12 && Math.abs(b - expected[index]!.b) < 1e-12,
      );
      assert.equal(trainLoss, Number(bowl(a, b).toPrecision(6)));
    });
  });

  it('has as many pixels for a unit of weight space across as up', () => {
    // 2·12.3 = 24.6 across and 1.4·8 = 11.2 up: 440 pixels and 440·11.2/24.6 = 200.3.
    const spec = planePlot(small, options);
    assert.deepEqual([spec.width, spec.height], [440, 200]);
    // 1 across and 20 up would leave 22 pixels; the shorter side gets 45 and the longer 900.
    const thread = planePlot(gridOf([0, 1], [0, 20], bowl), {
      ...options,
      lengths: { u: 1, v: 1 },
    });
    assert.deepEqual([thread.width, thread.height], [45, 900]);
  });

  it('spaces levels evenly on a log scale from floor to clip, and says the clip', () => {
    const grid = gridOf([0, 1, 2, 3, 4], [0, 1], (a, b) => 10 ** (a - 3 + b));
    const spec = planePlot(grid, { ...options, clip: 5 });
    // Losses from 0.001 to 100; 1, 2, 5 per decade above 0.001 up to 5 are eleven levels.
    const expected = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
    assert.deepEqual(thresholds(spec), expected.map(Math.log10));
    assert.match(subtitle(spec), /one colour above 5 \(the clip; largest 100\)/);
    assert.match(subtitle(planePlot(grid, { ...options, clip: 200 })), /nothing clipped/);
  });

  it('begins its levels at the floor of the valley, not at the two minima', () => {
    // 20 × 10 cells: two at 1e-5, twenty at 0.005, the rest at 1. The four lowest are 2 %, so the
    // floor is 0.005, and the first of the round numbers 1, 1.5, 2, 3, 5, 7 above it is 0.007.
    const grid = gridOf(linspace(0, 19, 20), linspace(0, 9, 10), (a, b) => {
      const rank = 20 * b + a;
      return rank < 2 ? 1e-5 : rank < 22 ? 0.005 : 1;
    });
    assert.equal(thresholds(planePlot(grid, options))[0], Math.log10(0.007));
  });

  it('clips by default above nine tenths of the cells', () => {
    // 100 cells with losses 1 … 100: nine tenths are ≤ 90, the next round number is 100; with the
    // last ten a thousandfold it stays there.
    const grid = gridOf(linspace(0, 9, 10), linspace(0, 9, 10), (a, b) => {
      const rank = 10 * b + a + 1;
      return rank > 90 ? 1000 * rank : rank;
    });
    assert.match(subtitle(planePlot(grid, options)), /above 100 \(the clip; largest 100000\)/);
  });

  it('says which points lie outside', () => {
    const spec = planePlot(gridOf([0, 0.5], [0, 0.5], bowl), options);
    assert.match(subtitle(spec), /2 points outside the picture/);
    assert.match(spec.description!, /marked: w₁\.$/);
  });
});

/** Even–odd rule. */
function contains(
  rings: readonly { a: number; b: number }[][],
  { a, b }: { a: number; b: number },
): boolean {
  let crossings = 0;
  for (const ring of rings) {
    ring.forEach((p, index) => {
      const q = ring[(index + 1) % ring.length]!;
      if (p.b > b !== q.b > b && a < p.a + ((b - p.b) / (q.b - p.b)) * (q.a - p.a)) crossings++;
    });
  }
  return crossings % 2 === 1;
}
