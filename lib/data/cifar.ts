import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import { type ByteDataset, makeDataset } from './dataset';
import { readBytes, type TrainAndTest } from './idxDataset';

const SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;

/** A set as A. Krizhevsky (2009) gives it: records of some labels and an image, red, green, blue. */
interface CifarSet {
  readonly name: string;
  readonly classes: number;
  /** Bytes before an image; the last of them is its class. */
  readonly labelBytes: number;
  /** Images in each file. */
  readonly perFile: { readonly train: number; readonly test: number };
  readonly files: { readonly train: readonly string[]; readonly test: readonly string[] };
  readonly archive: string;
}

const CIFAR_10: CifarSet = {
  name: 'CIFAR-10',
  classes: 10,
  labelBytes: 1,
  perFile: { train: 10_000, test: 10_000 },
  files: {
    train: [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`),
    test: ['test_batch.bin'],
  },
  archive: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
};

const CIFAR_100: CifarSet = {
  name: 'CIFAR-100',
  classes: 100,
  labelBytes: 2,
  perFile: { train: 50_000, test: 10_000 },
  files: { train: ['train.bin'], test: ['test.bin'] },
  archive: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
};

/**
 * CIFAR-10's 50 000 training and 10 000 test images, 3×32×32 bytes in red, green, blue, and 10
 * classes, from its binary version: `data_batch_1.bin` to `_5.bin` and `test_batch.bin`, of which the
 * sizes and labels are checked. Nothing is downloaded.
 *
 * @param folder where the six files are: `cifar-10-batches-bin` of the archive
 * @throws InputError when a file is missing (it says where to take it from), or of another size
 * @example
 * ```ts
 * // given CIFAR-10 in data/cifar-10-batches-bin
 * const { train, test } = await loadCifar10('data/cifar-10-batches-bin');
 * const normalised = normalise(train, channelStatistics(train));
 * const augmentation = { padding: 4, flip: true, seed: 1 };
 * const loader = dataLoader(normalised, { batchSize: 128, shuffle: 1, augmentation });
 * ```
 */
export function loadCifar10(folder: string): Promise<TrainAndTest> {
  return loadCifar(CIFAR_10, folder);
}

/**
 * CIFAR-100 as `loadCifar10` has CIFAR-10, with its 100 fine classes, from `train.bin` and `test.bin`.
 *
 * @param folder where the two files are: `cifar-100-binary` of the archive
 * @throws InputError when a file is missing (it says where to take it from), or of another size
 * @example
 * ```ts
 * // given CIFAR-100 in data/cifar-100-binary
 * const { train } = await loadCifar100('data/cifar-100-binary');
 * train.classes; // → 100
 * ```
 */
export function loadCifar100(folder: string): Promise<TrainAndTest> {
  return loadCifar(CIFAR_100, folder);
}

async function loadCifar(set: CifarSet, folder: string): Promise<TrainAndTest> {
  const names = [...set.files.train, ...set.files.test];
  const isThere = (name: string) =>
    existsSync(join(folder, name)) && statSync(join(folder, name)).isFile();
  const missing = names.filter((name) => !isThere(name));
  if (missing.length > 0) {
    throw new InputError(
      `${folder}: expected ${set.name}'s files ${names.join(', ')}, got none named ` +
        `${missing.join(', ')}; download ${set.archive}, unpack it with tar -xzf, and give the ` +
        'folder that it makes',
    );
  }
  const [train, test] = [await readHalf(set, folder, 'train'), await readHalf(set, folder, 'test')];
  return { train, test, source: folder };
}

async function readHalf(
  set: CifarSet,
  folder: string,
  half: 'train' | 'test',
): Promise<ByteDataset> {
  const { name, classes } = set;
  const [files, perFile] = [set.files[half], set.perFile[half]];
  const images = new Uint8Array(files.length * perFile * PIXELS);
  const labels = new Uint8Array(files.length * perFile);
  for (const [k, fileName] of files.entries()) {
    const file = join(folder, fileName);
    const to = {
      images: images.subarray(k * perFile * PIXELS),
      labels: labels.subarray(k * perFile),
    };
    takeRecords(set, await readBytes(file), perFile, to, file);
  }
  return makeDataset({ name: `${name} ${half}`, images, labels, imageShape: SHAPE, classes });
}

/**
 * Writes the images and classes of `count` records to where `to` begins.
 *
 * @throws InputError, which names the file, on another number of bytes or a class that there is not
 */
export function takeRecords(
  { classes, labelBytes, archive }: Pick<CifarSet, 'classes' | 'labelBytes' | 'archive'>,
  bytes: Uint8Array,
  count: number,
  to: { readonly images: Uint8Array; readonly labels: Uint8Array },
  file: string,
): void {
  const record = labelBytes + PIXELS;
  const again = `take the file from ${archive} again`;
  if (bytes.length !== count * record) {
    throw new InputError(
      `${file}: expected ${count * record} bytes (${count} records of ${record}), got ` +
        `${bytes.length}; ${again}`,
    );
  }
  for (let i = 0; i < count; i++) {
    const from = i * record + labelBytes;
    const label = bytes[from - 1]!;
    if (label >= classes) {
      throw new InputError(
        `${file}: every label must be less than ${classes}, the number of classes, got ${label} ` +
          `at position ${i}; ${again}`,
      );
    }
    to.labels[i] = label;
    to.images.set(bytes.subarray(from, from + PIXELS), i * PIXELS);
  }
}
