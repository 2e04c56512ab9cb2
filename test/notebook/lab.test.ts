import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openLab } from '../../lib/notebook/lab';
import { temporaryFolder } from '../temporaryFolder';

describe('openLab', () => {
  it('is full and keeps its files in the project unless told otherwise', () => {
    const lab = openLab(undefined, {});
    assert.equal(lab.size, 'full');
    assert.match(lab.folder, /data\/checkpoints\/full$/);
    assert.equal(
      openLab(undefined, { LAB_SIZE: 'small', LAB_OUT: '/tmp/x' }).file('a'),
      '/tmp/x/a',
    );
  });

  it('lists the sizes there are', () => {
    assert.throws(
      () => openLab(undefined, { LAB_SIZE: 'tiny' }),
      /the size \(LAB_SIZE\) must be full or small, got tiny/,
    );
  });

  it('keeps figures as JSON, with null for what is not finite', () => {
    const lab = openLab(undefined, { LAB_OUT: temporaryFolder() });
    lab.saveFigures('part-9', { loss: 0.1, far: Number.POSITIVE_INFINITY });
    const figures = JSON.parse(readFileSync(lab.file('figures-part-9.json'), 'utf8'));
    assert.deepEqual(figures, { loss: 0.1, far: null });
  });

  it('forgets a file, and is content with one that is not there', () => {
    const lab = openLab(undefined, { LAB_OUT: temporaryFolder() });
    writeFileSync(lab.file('a.json'), '{}');
    lab.forget('a.json');
    lab.forget('a.json');
    assert.ok(!existsSync(lab.file('a.json')));
  });
});
