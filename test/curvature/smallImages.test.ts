import assert from 'node:assert/strict';
import { smallImages } from '../../lib/curvature';
import { makeDataset, normalise } from '../../lib/data';
import { InputError } from '../../lib/errors';
import { assertClose } from '../close';

const dataset = (images: number[], side: number) =>
  makeDataset({
    name: 'grey',
    images: Uint8Array.from(images),
    labels: new Uint8Array(images.length / side ** 2),
    imageShape: [1, side, side] as const,
    classes: 2,
  });

describe('small images', () => {
  it('have means of areas, also where a pixel is cut', () => {
    const [a, b] = [255, 51];
    // 3 → 2: a small pixel covers 1.5 × 1.5 large ones, so the middle one goes to all four.
    const { images, imageShape } = smallImages(dataset([a, 0, 0, 0, b, 0, 0, 0, 0], 3), 2);
    assert.deepEqual(imageShape, [1, 1, 4]);
    const quarter = (0.25 * 0.2) / 2.25;
    assertClose(images, [1 / 2.25 + quarter, quarter, quarter, quarter], { absolute: 1e-7 });
  });

  it('leave out the pixels that are 0 in every image, in order', () => {
    const { images, imageShape, labels } = smallImages(
      dataset([0, 51, 0, 0, 0, 102, 0, 255], 2),
      2,
    );
    assert.deepEqual(imageShape, [1, 1, 2]);
    assertClose(images, [0.2, 0, 0.4, 1], { absolute: 1e-7 });
    assert.equal(labels.length, 2);
  });

  it('refuse other images and sides', () => {
    const one = dataset([1, 2, 3, 4], 2);
    for (const side of [0, 3, 1.5]) assert.throws(() => smallImages(one, side), InputError);
    const normalised = normalise(one, { mean: [0.5], std: [1] });
    assert.throws(() => smallImages(normalised, 2), /normalised/);
    assert.throws(() => smallImages(dataset([0, 0, 0, 0], 2), 2), /every pixel/);
  });
});
