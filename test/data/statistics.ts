import type { Dataset } from '../../lib/data';

/** How many samples each class has. */
export function classCounts({ labels, classes }: Dataset): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** Mean and standard deviation of all pixels, in [0, 1]. */
export function pixelStatistics({ images }: Dataset): { mean: number; deviation: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    sum += images[i]!;
    squares += images[i]! ** 2;
  }
  const mean = sum / images.length;
  return { mean: mean / 255, deviation: Math.sqrt(squares / images.length - mean ** 2) / 255 };
}
