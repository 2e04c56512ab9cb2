import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';

const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string; link?: boolean }>;
};

/** What GitHub's advisories say is mended since which version; none at all, where nothing mends it. */
const MENDED: Record<string, readonly number[] | undefined> = {
  request: undefined, // GHSA-p8p7-x288-28g6: a redirect may lead to an address inside
  'tough-cookie': [4, 1, 3], // GHSA-72xf-g2v4-qvf3: prototype pollution
  'form-data': [4, 0, 4], // GHSA-fjxv-7rqg-78g4: boundaries that can be guessed
  'node-fetch': [2, 6, 7], // GHSA-r683-j2x4-v87g: secrets sent on to another site
  xlsx: [0, 20, 2], // GHSA-4r6h-8v6p-xvw6 and GHSA-5pgg-2g8v-p4x9
};

describe("danfo's packages with known faults", () => {
  for (const [name, mended] of Object.entries(MENDED)) {
    it(`${name}: ${mended ? `none before ${mended.join('.')}` : 'none'} is installed`, () => {
      for (const [path, { version, link }] of Object.entries(packages)) {
        if (!path.endsWith(`node_modules/${name}`) || link) continue;
        assert.ok(mended, `${path} ${version}`);
        const parts = version!.split('.').map(Number);
        const differs = mended.findIndex((part, i) => part !== parts[i]);
        assert.ok(differs < 0 || parts[differs]! > mended[differs]!, `${path} ${version}`);
      }
    });
  }
});

describe('tfjs', () => {
  it('is in the process once, with danfo as well', () => {
    const code = `
      const same = require('danfojs-node').tensorflow === require('@tensorflow/tfjs');
      const cores = Object.keys(require.cache).filter((path) => /tfjs.dist.tf\\.node\\.js$/.test(path));
      console.log(same, cores.length);`;
    const said = execFileSync(process.execPath, ['--eval', code], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.equal(said, 'true 1\n');
  });
});
