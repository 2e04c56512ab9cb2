import assert from 'node:assert/strict';
import { closeSync, existsSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { loadCifar10, loadCifar100 } from '../../lib/data';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { classCounts } from './statistics';

const names10 = [...[1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`), 'test_batch.bin'];
const PIXELS = 3 * 32 * 32;

/** A file of the right size, mostly a hole, with a record in its `at`-th place. */
function write(file: string, size: number, at = 0, record: readonly number[] = []): void {
  const handle = openSync(file, 'w');
  ftruncateSync(handle, size);
  if (record.length > 0)
    writeSync(handle, Uint8Array.from(record), 0, record.length, at * record.length);
  closeSync(handle);
}

/** Numbers that tell colour, row and column apart. */
const image = (seed: number) => Array.from({ length: PIXELS }, (_, k) => (k * 7 + seed) % 256);

describe('CIFAR', () => {
  it('10 is six files of records of a class and an image, in their order', async () => {
    const folder = temporaryFolder();
    names10.forEach((name, k) => {
      write(join(folder, name), 10_000 * (1 + PIXELS), 10 * k + 3, [k + 1, ...image(k)]);
    });
    const { train, test, source } = await loadCifar10(folder);
    assert.equal(source, folder);
    assert.deepEqual([train.name, test.name], ['CIFAR-10 train', 'CIFAR-10 test']);
    assert.deepEqual([train.length, test.length, train.classes], [50_000, 10_000, 10]);
    assert.deepEqual(train.imageShape, [3, 32, 32]);
    for (const k of [0, 1, 2, 3, 4]) {
      const index = 10_000 * k + 10 * k + 3;
      assert.equal(train.labels[index], k + 1);
      const own = train.images.subarray(index * PIXELS, (index + 1) * PIXELS);
      assert.deepEqual([...own], image(k));
    }
    assert.deepEqual([test.labels[53], test.labels[52]], [6, 0]);
    assert.deepEqual([...test.images.subarray(53 * PIXELS, 54 * PIXELS)], image(5));
    // Nothing else is anywhere: the other records are holes.
    const others = classCounts(train);
    assert.deepEqual(others, [49_995, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('100 has the coarse class before the fine one, which counts', async () => {
    const folder = temporaryFolder();
    write(join(folder, 'train.bin'), 50_000 * (2 + PIXELS), 49_999, [19, 99, ...image(1)]);
    write(join(folder, 'test.bin'), 10_000 * (2 + PIXELS), 0, [3, 42, ...image(2)]);
    const { train, test } = await loadCifar100(folder);
    assert.deepEqual([train.classes, train.labels[49_999], test.labels[0]], [100, 99, 42]);
    assert.deepEqual([...train.images.subarray(-PIXELS)], image(1));
    assert.deepEqual([...test.images.subarray(0, PIXELS)], image(2));
  });

  it('says which files are missing, where they are to be had, and what to do', async () => {
    const folder = temporaryFolder();
    for (const name of names10.slice(1)) write(join(folder, name), 1);
    await assert.rejects(loadCifar10(folder), {
      name: 'InputError',
      message:
        /got none named data_batch_1\.bin; download https:.*cifar-10-binary\.tar\.gz, unpack it with tar/,
    });
    await assert.rejects(loadCifar100('/no/such/folder'), /got none named train\.bin, test\.bin;/);
  });

  it('refuses a file that is cut short or holds a class that there is not', async () => {
    const folder = temporaryFolder();
    for (const name of names10) write(join(folder, name), 10_000 * (1 + PIXELS));
    const third = join(folder, 'data_batch_3.bin');
    write(third, 9_999 * (1 + PIXELS));
    await assert.rejects(loadCifar10(folder), {
      name: 'InputError',
      message: /data_batch_3\.bin: expected 30730000 bytes .* got 30726927; take the file from/,
    });
    rmSync(third);
    write(third, 10_000 * (1 + PIXELS), 5, [10, ...image(0)]);
    await assert.rejects(
      loadCifar10(folder),
      /data_batch_3\.bin: .* less than 10, .* got 10 at position 5/,
    );
  });

  const real = join(projectRoot, 'data', 'cifar-10-batches-bin');
  if (existsSync(real)) {
    it('10 itself has as many images of each class', async () => {
      const { train, test } = await loadCifar10(real);
      // 5000 and 1000 images a class (Krizhevsky 2009, Learning multiple layers of features).
      assert.deepEqual(classCounts(train), new Array(10).fill(5000));
      assert.deepEqual(classCounts(test), new Array(10).fill(1000));
    });
  } else {
    it('10 itself IS ABSENT, so only the error that says so is tested', async () => {
      console.error(`NOT TESTED on real data: CIFAR-10 is not in ${real}.`);
      await assert.rejects(loadCifar10(real), /cifar-10-batches-bin: expected CIFAR-10's files/);
    });
  }
});
