import assert from 'node:assert/strict';
import { InputError } from '../../lib/errors';
import { renderSvg, spreadPlot, sweepPathsPlot } from '../../lib/plots';
import { quietly } from './quietly';
import { hump, low } from './samples';
import { matchSnapshot } from './snapshot';

const names = ['ReLU 1×64', 'ReLU 1×64', 'sigmoid 3×128', 'tanh 1×64'];
const specs = {
  'sweep-paths': sweepPathsPlot(
    names.map((configuration) => ({ configuration, segment: hump, chain: low })),
  ),
  'sweep-spread': spreadPlot(
    names.map((configuration, i) => ({
      configuration,
      'line barrier (a)': 1 + i / 10,
      maximum: i,
    })),
  ),
};

describe('plots of a sweep', () => {
  for (const [name, spec] of Object.entries(specs)) {
    it(`${name} is as it was`, () => matchSnapshot(name, spec));

    it(`${name} renders without a warning, with every configuration in it`, async () => {
      const svg = await quietly(() => renderSvg(spec));
      for (const configuration of new Set(names)) assert.match(svg, new RegExp(configuration));
    });
  }

  it('say in words what they show', () => {
    assert.match(specs['sweep-spread'].description!, /line barrier \(a\) from 1 to 1\.3; maximum/);
    assert.match(specs['sweep-paths'].description!, /a panel for each of ReLU 1×64, sigmoid 3×128/);
  });

  it('refuse nothing to show', () => {
    assert.throws(() => sweepPathsPlot([]), InputError);
    assert.throws(() => spreadPlot([]), InputError);
  });
});
