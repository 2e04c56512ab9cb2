import assert from 'node:assert/strict';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { placeOf } from '../../../lib/grading/sandbox/place';
import { projectRoot } from '../../../lib/root';

describe('the place of another user', () => {
  it('is given to that user, and nothing that a link in it points to', function () {
    if (process.getuid?.() !== 0) return this.skip();
    const ours = [
      'package.json',
      'node_modules',
      'node_modules/mocha/package.json',
      'lib/index.ts',
    ];
    const owners = () => ours.map((name) => statSync(join(projectRoot, name)).uid);
    const before = owners();
    const nobody = { uid: 65534, gid: 65534 };
    const files = [{ from: __filename, as: 'notebook/own/a.ts' }];
    const place = placeOf(nobody, { command: [], environment: {}, files }, { diskMB: 1 });
    const work = dirname(String(place.options.cwd));
    for (const name of ['', 'evidence', 'node_modules', 'notebook/own', 'notebook/own/a.ts']) {
      assert.equal(lstatSync(join(work, name)).uid, nobody.uid, name);
    }
    assert.deepEqual(owners(), before);
    place.leave();
    assert.ok(!existsSync(work));
  });
});
