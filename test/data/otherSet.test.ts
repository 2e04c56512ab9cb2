import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { besideBands } from '../../lib/checks';
import { loadMnist } from '../../lib/data';
import { gradedMnist } from '../../lib/grading/evidence/criteria/digits';
import { openLab } from '../../lib/notebook/lab';
import { temporaryFolder } from '../temporaryFolder';
import { idxBytes } from './idxFiles';

/** A set of so many classes, each image all of its class's grey. */
function madeUpSet(classes: number, side = 28): string {
  const folder = temporaryFolder();
  for (const [half, count] of [
    ['train', 40],
    ['t10k', 20],
  ] as const) {
    const labels = Array.from({ length: count }, (_, i) => i % classes);
    const pixels = labels.flatMap((label) => Array<number>(side * side).fill(20 * label));
    writeFileSync(join(folder, `${half}-images-idx3-ubyte`), idxBytes([count, side, side], pixels));
    writeFileSync(join(folder, `${half}-labels-idx1-ubyte`), idxBytes([count], labels));
  }
  return folder;
}

describe('another set than MNIST, by LAB_DATA', () => {
  it('is what the lab is on, of ten classes in 28×28, with no checksum asked', async () => {
    const folder = madeUpSet(10);
    const { train, test, source } = await loadMnist({ LAB_DATA: folder });
    assert.equal(source, folder);
    assert.deepEqual([train.length, test.length, train.classes], [40, 20, 10]);
    assert.equal(train.name, `${basename(folder)} train`);
    // Image 13 is of class 3: grey 60.
    assert.deepEqual([train.labels[13], train.images[13 * 784]], [3, 60]);
  });

  it('has files of its own', () => {
    const lab = openLab('small', { LAB_DATA: '/usr/share/datasets/fashion-mnist' });
    assert.match(lab.folder, /data\/checkpoints\/small-fashion-mnist$/);
  });

  it('is refused with other classes or sizes, and where it is no folder', async () => {
    await assert.rejects(loadMnist({ LAB_DATA: madeUpSet(7) }), {
      name: 'InputError',
      message: /LAB_DATA: expected a set of 10 classes and images of 1×28×28, got 7 classes/,
    });
    await assert.rejects(loadMnist({ LAB_DATA: madeUpSet(10, 20) }), /10 classes and 1×20×20/);
    await assert.rejects(
      loadMnist({ LAB_DATA: '/nowhere' }),
      /LAB_DATA: expected an existing folder/,
    );
  });

  it('has no bands, and is not what a submission is graded on', async () => {
    process.env.LAB_DATA = madeUpSet(10);
    try {
      const { columns, values } = besideBands('full', { 'train loss at a minimum': 0.5 });
      assert.deepEqual([...columns], ['name', 'yours']);
      assert.deepEqual(values, [['train loss at a minimum', 0.5]]);
      assert.equal((await gradedMnist()).train.length, 60_000);
    } finally {
      delete process.env.LAB_DATA;
    }
  });
});
