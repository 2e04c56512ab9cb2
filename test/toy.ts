import type { Dataset } from '../lib/data';
import { ClassifierFC } from '../lib/nn';
import { generator } from '../lib/random';

/** A small problem that a net learns in seconds: class k lights pixel k of 4×4, the rest is noise. */
export function toyDataset(length: number, seed: number): Dataset {
  const random = generator(seed);
  const images = Uint8Array.from({ length: length * 16 }, () => random.integer(120));
  const labels = Uint8Array.from({ length }, () => random.integer(10));
  labels.forEach((label, i) => {
    images[i * 16 + label] = 200 + random.integer(56);
  });
  const name = `toy-${length}-${seed}`;
  return { name, images, labels, imageShape: [1, 4, 4], length, classes: 10 };
}

export const toyNetwork = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 12 });
