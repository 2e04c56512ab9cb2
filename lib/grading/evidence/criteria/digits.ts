import { type Batch, dataLoader, loadMnist, subset } from '../../../data';
import type { Datasets } from '../../../paths';

/**
 * How many images each part is judged on at either size; its settings state the same, and a test
 * holds the two together.
 */
export const images = {
  parts1And2: (small: boolean) => ({
    trainImages: small ? 6000 : 60000,
    testImages: small ? 1000 : 10000,
  }),
  part32: (small: boolean) => ({
    trainImages: small ? 400 : 5000,
    testImages: small ? 200 : 1000,
  }),
};

/**
 * The images of Parts 1 and 2, as the workbook's data cells draw them.
 *
 * @throws InputError (as a rejection) when MNIST cannot be read
 */
export const someMnist = (small: boolean) => drawn(images.parts1And2(small));
/** The images of Part 3.2. */
export const fewMnist = (small: boolean) => drawn(images.part32(small));

/** MNIST, also where the lab of this machine is on another set: submissions are carried out without that. */
export const gradedMnist = () => loadMnist({ ...process.env, LAB_DATA: '' });

/** What has been loaded is kept for the next criterion. */
const loaded = new Map<number, Promise<Datasets>>();

function drawn({ trainImages, testImages }: Record<'trainImages' | 'testImages', number>) {
  const load = async () => {
    const mnist = await gradedMnist();
    return {
      train: subset(mnist.train, trainImages, 42),
      test: subset(mnist.test, testImages, 42),
    };
  };
  const datasets = loaded.get(trainImages) ?? load();
  loaded.set(trainImages, datasets);
  datasets.catch(() => loaded.delete(trainImages));
  return datasets;
}

/** 128 images that the seed draws. The caller disposes `x` and `y`. */
export function someBatch({ train }: Datasets, seed: number): Batch {
  return dataLoader(train, { batchSize: 128, shuffle: seed })[Symbol.iterator]().next()
    .value as Batch;
}
