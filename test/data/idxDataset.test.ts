import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { dataLoader, loadIdxDataset } from '../../lib/data';
import { InputError } from '../../lib/errors';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';
import { idxBytes } from './idxFiles';
import { classCounts, pixelStatistics } from './statistics';

/** Five training and two test images of 2×3. */
const files = {
  'train-images-idx3-ubyte': idxBytes(
    [5, 2, 3],
    Array.from({ length: 30 }, (_, i) => i),
  ),
  'train-labels-idx1-ubyte': idxBytes([5], [1, 2, 3, 4, 9]),
  't10k-images-idx3-ubyte': idxBytes(
    [2, 2, 3],
    Array.from({ length: 12 }, (_, i) => 255 - i),
  ),
  't10k-labels-idx1-ubyte': idxBytes([2], [7, 0]),
};

function write(folder: string, changes: Record<string, Buffer | undefined> = {}): void {
  for (const [name, bytes] of Object.entries({ ...files, ...changes })) {
    if (bytes !== undefined) writeFileSync(join(folder, name), bytes);
  }
}

async function refuses(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(
    promise,
    (error) => error instanceof InputError && message.test(error.message),
  );
}

describe('IDX datasets', () => {
  it('are the four standard files of a folder, of any size, raw or gzip in any mixture', async () => {
    const folder = temporaryFolder();
    const name = 'train-images-idx3-ubyte';
    write(folder, { [name]: undefined, [`${name}.gz`]: gzipSync(files[name]) });
    const { train, test, source } = await loadIdxDataset(folder, 'mine');
    assert.equal(source, folder);
    assert.deepEqual([train.name, test.name], ['mine train', 'mine test']);
    assert.deepEqual([train.length, test.length, train.classes], [5, 2, 10]);
    assert.deepEqual(
      [train.imageShape, test.imageShape],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    );
    assert.deepEqual(
      [...train.images],
      Array.from({ length: 30 }, (_, i) => i),
    );
    assert.deepEqual([...test.labels], [7, 0]);
  });

  it('may be empty, and then make empty loaders', async () => {
    const folder = temporaryFolder();
    write(folder, {
      't10k-images-idx3-ubyte': idxBytes([0, 2, 3], []),
      't10k-labels-idx1-ubyte': idxBytes([0], []),
    });
    const { test } = await loadIdxDataset(folder, 'mine');
    assert.equal(dataLoader(test, { batchSize: 4 }).length, 0);
  });

  it('have as many classes as the largest label in either half says', async () => {
    const folder = temporaryFolder();
    // EMNIST's letters have 26 classes, its balanced set 47.
    write(folder, { 't10k-labels-idx1-ubyte': idxBytes([2], [46, 0]) });
    const { train, test } = await loadIdxDataset(folder, 'mine');
    assert.deepEqual([train.classes, test.classes], [47, 47]);
    write(folder, { 'train-labels-idx1-ubyte': idxBytes([5], [0, 1, 2, 2, 1]) });
    assert.equal((await loadIdxDataset(folder, 'mine')).train.classes, 8, 'the test set has a 7');
  });

  const bad: [string, Record<string, Buffer | undefined>, RegExp][] = [
    [
      'two missing files, both named',
      { 'train-images-idx3-ubyte': undefined, 't10k-labels-idx1-ubyte': undefined },
      /got none named train-images-idx3-ubyte, t10k-labels-idx1-ubyte; put what is missing there/,
    ],
    [
      'a truncated file',
      { 'train-images-idx3-ubyte': files['train-images-idx3-ubyte'].subarray(0, 40) },
      /train-images-idx3-ubyte: expected 46 bytes .* got 40/,
    ],
    [
      'a file truncated in its gzip',
      {
        't10k-labels-idx1-ubyte': undefined,
        't10k-labels-idx1-ubyte.gz': gzipSync(files['t10k-labels-idx1-ubyte']).subarray(0, 15),
      },
      /t10k-labels-idx1-ubyte\.gz: expected a whole gzip file/,
    ],
    [
      'labels of another number',
      { 'train-labels-idx1-ubyte': idxBytes([4], [1, 2, 3, 4]) },
      /dataset mine train: .* 4 of 6 bytes each, got 5 images/,
    ],
    [
      'test images of another size',
      { 't10k-images-idx3-ubyte': idxBytes([2, 1, 6], new Array<number>(12).fill(0)) },
      /training and test images of one size, got 1×2×3 and 1×1×6/,
    ],
  ];
  for (const [what, changes, message] of bad) {
    it(`refuse ${what}`, async () => {
      const folder = temporaryFolder();
      write(folder, changes);
      await refuses(loadIdxDataset(folder, 'mine'), message);
    });
  }

  it('refuse a folder that is not there', () =>
    refuses(loadIdxDataset('/no/such/folder', 'mine'), /^\/no\/such\/folder: expected the four/));
});

describe('Fashion-MNIST from Debian', () => {
  const folder = '/usr/share/datasets/fashion-mnist';
  if (existsSync(folder)) {
    it('loads as any IDX set of ten classes', async () => {
      const { train, test } = await loadIdxDataset(folder, 'Fashion-MNIST');
      // 6000 and 1000 images a class (Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747, section 3).
      assert.deepEqual(classCounts(train), new Array(10).fill(6000));
      assert.deepEqual(classCounts(test), new Array(10).fill(1000));
      // 0.2860 and 0.3530 are what its users normalise training pixels with.
      const { mean, deviation } = pixelStatistics(train);
      assertClose([mean, deviation], [0.286, 0.353], { absolute: 5e-5 });
    });
  } else {
    it('IS ABSENT, so only the error that says so is tested: apt-get install dataset-fashion-mnist', async () => {
      console.error(`NOT TESTED on real data: Fashion-MNIST is not in ${folder}.`);
      await refuses(loadIdxDataset(folder, 'Fashion-MNIST'), /fashion-mnist: expected the four/);
    });
  }
});
