import assert from 'node:assert/strict';
import { type PlotSpec, renderSvg } from '../../lib/plots';
import { faults } from './faultyPlots';
import { lite, x } from './plotSpecs';
import { quietly } from './quietly';
import { sound } from './soundPlots';

describe('a plot with a fault', () => {
  for (const [about, spec, told] of faults) {
    it(`is refused for ${about}`, async () => {
      await assert.rejects(renderSvg(spec), told);
    });
  }
  it('is refused for a part of itself', async () => {
    const spec: Record<string, unknown> & PlotSpec = { ...lite({ mark: 'bar', encoding: { x } }) };
    spec.usermeta = { spec };
    await assert.rejects(renderSvg(spec), /usermeta\.spec is a part of itself, not JSON/);
  });

  for (const [about, spec] of sound) {
    it(`is not seen in ${about}`, async () => {
      assert.match(await quietly(() => renderSvg(spec)), /^<svg /);
    });
  }
});
