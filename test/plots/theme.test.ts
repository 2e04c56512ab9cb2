import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from 'vega';
import { isVegaLite, type PlotSpec } from '../../lib/plots';

/** What JupyterLab's dark theme has vega-embed put under a plot's own settings (vega-themes, `dark`). */
const DARK = {
  background: '#333',
  view: { stroke: '#888' },
  title: { color: '#fff', subtitleColor: '#fff' },
  style: { 'guide-label': { fill: '#fff' }, 'guide-title': { fill: '#fff' } },
  axis: { domainColor: '#fff', gridColor: '#888', tickColor: '#fff' },
};

async function drawn(spec: PlotSpec, config: object): Promise<string> {
  const { parse, View } = await import('vega');
  const { compile } = await import('vega-lite');
  const own = structuredClone(spec) as never;
  const lite = isVegaLite(spec);
  // As vega-embed does: what Vega-Lite has compiled has the settings already.
  const plain = lite ? compile(own, { config }).spec : own;
  const view = new View(parse(plain, lite ? {} : (config as Config)), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  // Names within pictures are counted on from one to the next.
  return svg.replace(/\b(gradient|clip)_?\d+/g, '$1');
}

const snapshots = join(__dirname, 'snapshots');

describe('plots on a dark page', () => {
  for (const name of readdirSync(snapshots)) {
    it(`are drawn with their own colours: ${name}`, async () => {
      const spec = JSON.parse(readFileSync(join(snapshots, name), 'utf8')) as PlotSpec;
      assert.equal(await drawn(spec, DARK), await drawn(spec, {}));
    });
  }
});
