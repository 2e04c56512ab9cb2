import { type Dataset, makeDataset } from '../../lib/data';

/** `length` images of 2 channels, 2×3: image i has bytes 12i, 12i + 1, … mod 256, and label i mod 10. */
export function toyDataset(length: number): Dataset {
  return makeDataset({
    name: 'toy',
    images: Uint8Array.from({ length: 12 * length }, (_, k) => k),
    labels: Uint8Array.from({ length }, (_, i) => i % 10),
    imageShape: [2, 2, 3],
    classes: 10,
  });
}
