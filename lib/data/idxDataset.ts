import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors';
import { type Dataset, makeDataset } from './dataset';
import { parseIdxImages, parseIdxLabels, unzipped } from './idx';

/** A training set and a test set, and the folder they came from. */
export interface TrainAndTest {
  readonly train: Dataset;
  readonly test: Dataset;
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

const CLASSES = 10;

/**
 * Any IDX set of grey images in 10 classes with the four standard file names in `folder`, raw or
 * gzip: Fashion-MNIST, KMNIST, one's own. `name` is what the datasets call themselves.
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
    const classes = parseIdxLabels(labels.file, labels.content);
    for (const { file, standardName, content } of [images, labels]) {
      check?.(file, standardName, content);
    }
    return makeDataset({
      name: `${name} ${part}`,
      images: pixels,
      labels: classes,
      imageShape: [1, height, width],
      classes: CLASSES,
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
  return { train, test, source: folder };
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

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${file}: cannot be read (${reason}); check its permissions`);
  }
}
