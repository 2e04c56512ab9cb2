import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireFresh, STAMP, sourcesStamp } from '../../../lib/engine/native/stamp';
import { temporaryFolder } from '../../temporaryFolder';

describe('requireFresh', () => {
  it('refuses kernels of other sources, or of nobody knows which, by one sentence', () => {
    const folder = temporaryFolder();
    const kernels = join(folder, 'kernels.wasm');
    const stale =
      /was compiled of other sources than lib\/engine\/native has now; run npm run build$/;
    assert.throws(() => requireFresh(kernels), stale);
    writeFileSync(join(folder, STAMP), 'others');
    assert.throws(() => requireFresh(kernels), stale);
    writeFileSync(join(folder, STAMP), sourcesStamp()!);
    requireFresh(kernels);
  });
});
