import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import { makeDataset } from '../../lib/data';
import { digitsPicture } from '../../lib/plots';
import { digitUrl } from '../../lib/plots/digits';
import { toyDataset } from '../toy';

describe('digitsPicture', () => {
  const dataset = toyDataset(12, 1);
  const bundleOf = (indices: number[]) => {
    const picture = digitsPicture(dataset, indices);
    return picture[Symbol.for('Jupyter.display')]!() as {
      'image/png': string;
      'text/plain': string;
    };
  };

  it('is a PNG with every pixel doubled, dark for bright, in the place it belongs', () => {
    const png = Buffer.from(bundleOf([3, 5])['image/png'], 'base64');
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    // Two images of 4 pixels with a gap of 2 each, twice as large: 2·(4 + 2)·2 by (4 + 2)·2.
    assert.deepEqual([width, height], [24, 12]);
    const at = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    const pixel = (x: number, y: number) => rows[y * (width + 1) + 1 + x];
    assert.equal(pixel(0, 0), 255 - dataset.images[3 * 16]!);
    assert.equal(pixel(7, 7), 255 - dataset.images[3 * 16 + 15]!);
    assert.equal(pixel(12 + 2, 5), 255 - dataset.images[5 * 16 + 2 * 4 + 1]!);
    assert.equal(pixel(9, 0), 255, 'the gap is white');
  });

  it('has the colours of three channels, of bytes and of floats, and refuses two', () => {
    // One image of 1×2: the first pixel red, the second green and a little blue.
    const images = Uint8Array.of(255, 0, 0, 255, 0, 51);
    const parts = { name: 'two', labels: Uint8Array.of(0), classes: 1 };
    const [bytes, floats] = [images, Float32Array.from(images, (byte) => byte / 255)].map((own) =>
      digitUrl(makeDataset({ ...parts, images: own, imageShape: [3, 1, 2] }), 0),
    );
    const png = Buffer.from(bytes!.split(',')[1]!, 'base64');
    assert.deepEqual([png[24], png[25]], [8, 2], '8 bits, colour type 2: red, green, blue');
    const at = png.indexOf('IDAT');
    const row = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    assert.deepEqual([...row], [0, 255, 0, 0, 0, 255, 51]);
    assert.equal(floats, bytes);
    const two = makeDataset({ ...parts, images: images.subarray(0, 4), imageShape: [2, 1, 2] });
    assert.throws(() => digitsPicture(two, [0]), /expected images of 1 channel or 3, got 2 in two/);
  });

  it('says the labels where pictures are not shown, and refuses what is not there', () => {
    const labels = [0, 1].map((i) => dataset.labels[i]).join(' ');
    assert.equal(bundleOf([0, 1])['text/plain'], `2 images labelled ${labels}`);
    assert.throws(() => digitsPicture(dataset, [12]), /index 12 is outside 0 to 11/);
  });
});
