import { type Dataset, makeDataset } from '../data';
import { unitOf } from '../data/dataset';
import { InputError, requireInteger } from '../errors';

/** Where a row or a column of the small image lies in the large one: pixels with their shares. */
function sharesOf(size: number, side: number): [pixel: number, share: number][][] {
  return Array.from({ length: side }, (_, i) => {
    const [from, to] = [(i * size) / side, ((i + 1) * size) / side];
    const pixels = Array.from(
      { length: Math.ceil(to) - Math.floor(from) },
      (_, k) => Math.floor(from) + k,
    );
    return pixels.map((p) => [p, (Math.min(p + 1, to) - Math.max(p, from)) * (side / size)]);
  });
}

/**
 * Grey images of side · side pixels, each the mean of the area that it covers, as a list of those
 * pixels that are not 0 in every image: where weights decay, a weight of a pixel that is always 0
 * is 0 at each critical point, and decay alone is its curvature. For networks that are small enough
 * for their whole Hessian.
 *
 * @param dataset grey images, not normalised
 * @param side pixels along either side, at most as many as there are
 * @throws InputError on images of several channels, normalised ones, another side, and where no
 *   pixel is left
 * @example
 * ```ts
 * smallImages(small, 2).imageShape; // → [ 1, 1, 4 ]
 * ```
 */
export function smallImages(dataset: Dataset, side: number): Dataset {
  const { name, images, length, labels, classes, normalisation } = dataset;
  const [channels, height, width] = dataset.imageShape;
  requireInteger('smallImages', 'side', side, 1);
  if (channels !== 1 || normalisation !== undefined || side > Math.min(height, width)) {
    throw new InputError(
      `smallImages: expected grey images of at least ${side}×${side}, not normalised, got ` +
        `${channels} × ${height}×${width}${normalisation === undefined ? '' : ', normalised'}`,
    );
  }
  const [rows, columns] = [sharesOf(height, side), sharesOf(width, side)];
  const unit = unitOf(dataset);
  const shrunk = new Float32Array(length * side * side);
  for (let i = 0, at = 0; i < length; i++) {
    for (const row of rows) {
      for (const column of columns) {
        let sum = 0;
        for (const [y, a] of row) {
          for (const [x, b] of column) sum += a * b * images[(i * height + y) * width + x]!;
        }
        shrunk[at++] = sum / unit;
      }
    }
  }
  const places = Array.from({ length: side * side }, (_, p) => p);
  const live = places.filter((p) => shrunk.some((x, k) => x !== 0 && k % places.length === p));
  if (live.length === 0) {
    throw new InputError(`smallImages: every pixel of ${name} is 0; give it other images`);
  }
  const kept = Array.from({ length }, (_, i) => live.map((p) => shrunk[i * places.length + p]!));
  return makeDataset({
    name: `${name}, ${side}×${side}`,
    images: Float32Array.from(kept.flat()),
    labels: labels.subarray(0, length),
    imageShape: [1, 1, live.length],
    classes,
  });
}
