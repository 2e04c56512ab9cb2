import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, readEvidence } from '../../../../lib/grading/sandbox/runner/evidenceFolder';
import { temporaryFolder } from '../../../temporaryFolder';

describe('the folder of evidence', () => {
  it('gives what a criterion left, if it is a file within measure', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'left'), '{}');
    assert.deepEqual(readEvidence(folder, 'left'), { text: '{}' });
    mkdirSync(join(folder, 'folder'));
    symlinkSync(join(folder, 'left'), join(folder, 'link'));
    for (const none of ['missing', 'folder', 'link']) {
      assert.deepEqual(readEvidence(folder, none), { error: 'it left no evidence' }, none);
    }
    writeFileSync(join(folder, 'large'), '');
    truncateSync(join(folder, 'large'), 64e6 + 1);
    assert.deepEqual(readEvidence(folder, 'large'), {
      error: 'its evidence is larger than 64 MB',
    });
  });

  it('is emptied of whatever was put there beforehand', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'task-1-1-check', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'task-2-1-check'), 'forged');
    emptyFolder(folder);
    assert.deepEqual(readdirSync(folder), []);
    emptyFolder(join(folder, 'gone'));
  });
});
