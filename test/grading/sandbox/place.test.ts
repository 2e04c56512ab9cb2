import assert from 'node:assert/strict';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { placeOf } from '../../../lib/grading/sandbox/place';
import { projectRoot } from '../../../lib/root';
import { onlyIf } from '../../onlyIf';

describe('the place of another user', () => {
  const onlyRoot = onlyIf(process.getuid?.() === 0, 'as it needs root');

  onlyRoot('is given to that user, and nothing that a link in it points to', () => {
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
