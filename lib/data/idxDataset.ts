import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors';
import { type ByteDataset, makeDataset } from './dataset';
import { parseIdxImages, parseIdxLabels, unzipped } from './idx';

/** A training set and a test set, and the folder they came from. */
export interface TrainAndTest {
  readonly train: ByteDataset;
  readonly test: ByteDataset;
  readonly source: string;
}

/** The four names that MNIST and every set made to replace it use, raw or with `.gz` behind. */
export const idxFileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

export type IdxFileName = (typeof idxFileNames)[number];

/**
 * Any IDX set of grey images with the four standard file names in `folder`, raw or
 * gzip: Fashion-MNIST, KMNIST, EMNIST, one's own. `name` is what the datasets call themselves. Of both alike
 * there are as many classes as the largest label in either of them says, which is that number less 1.
 *
 * @param check sees each file's unpacked content and throws to refuse it
 * @throws InputError when a file is missing, damaged, or images and labels disagree
 * @example
 * ```ts
 * // given the four files of Fashion-MNIST in data/fashion
 * const { train, test } = await loadIdxDataset('data/fashion', 'Fashion-MNIST');
 * train.imageShape; // → [ 1, 28, 28 ]
 * ```
 */
export async function loadIdxDataset(
  folder: string,
  name: string,
  check?: (file: string, standardName: IdxFileName, content: Uint8Array) => void,
): Promise<TrainAndTest> {
  const read = async (standardName: IdxFileName) => {
    const file = requireFile(folder, standardName);
    return { file, standardName, content: unzipped(file, await readBytes(file)) };
  };
  const half = async (imagesName: IdxFileName, labelsName: IdxFileName, part: string) => {
    const [images, labels] = await Promise.all([read(imagesName), read(labelsName)]);
    const { height, width, pixels } = parseIdxImages(images.file, images.content);
    const values = parseIdxLabels(labels.file, labels.content);
    for (const { file, standardName, content } of [images, labels]) {
      check?.(file, standardName, content);
    }
    return makeDataset({
      name: `${name} ${part}`,
      images: pixels,
      labels: values,
      imageShape: [1, height, width],
      classes: classesIn(values),
    });
  };
  const [trainImages, trainLabels, testImages, testLabels] = idxFileNames;
  const train = await half(trainImages, trainLabels, 'train');
  const test = await half(testImages, testLabels, 'test');
  if (train.imageShape.join() !== test.imageShape.join()) {
    throw new InputError(
      `${folder}: expected training and test images of one size, got ` +
        `${train.imageShape.join('×')} and ${test.imageShape.join('×')}; take both from one set`,
    );
  }
  const classes = Math.max(train.classes, test.classes);
  return { train: { ...train, classes }, test: { ...test, classes }, source: folder };
}

/** How many classes labels are of, counted from 0. */
function classesIn(labels: Uint8Array): number {
  return labels.reduce((most, label) => Math.max(most, label + 1), 0);
}

/** The path of a standard file in a folder, raw before gzip; undefined when it has neither. */
export function findIdxFile(folder: string, standardName: IdxFileName): string | undefined {
  const candidates = [join(folder, standardName), join(folder, `${standardName}.gz`)];
  return candidates.find((path) => existsSync(path) && statSync(path).isFile());
}

function requireFile(folder: string, standardName: IdxFileName): string {
  const file = findIdxFile(folder, standardName);
  if (file !== undefined) return file;
  const missing = idxFileNames.filter((name) => findIdxFile(folder, name) === undefined);
  throw new InputError(
    `${folder}: expected the four files ${idxFileNames.join(', ')} (each raw or .gz), ` +
      `got none named ${missing.join(', ')}; put what is missing there`,
  );
}

/** The bytes of a file. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${file}: cannot be read (${reason}); check its permissions`);
  }
}
