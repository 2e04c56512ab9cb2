import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  channelStatistics,
  dataLoader,
  makeDataset,
  normalise,
  subset,
  take,
} from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { assertClose } from '../close';
import { toyDataset } from './toyDataset';

const bytes = toyDataset(9);
const floats = makeDataset({
  ...bytes,
  images: Float32Array.from(bytes.images, (byte) => byte / 7 - 3),
  labels: Int32Array.from({ length: 9 }, (_, i) => 100 * i),
  classes: 801,
});

describe('images that are floats, of more classes than 256, or normalised', () => {
  for (const backend of ['wasm', 'cpu'] as const) {
    it(`come as they are, and (x − mean) / std channel by channel, in float32, on ${backend}`, async () => {
      await useBackend(backend);
      const [mean, std] = [
        [0.25, 0.5],
        [0.5, 3],
      ];
      for (const [dataset, unit] of [
        [bytes, 255],
        [floats, 1],
      ] as const) {
        const before = tf.memory().numTensors;
        for (const normalised of [false, true]) {
          const asked = normalised ? normalise(dataset, { mean, std }) : dataset;
          for (const { x, y, indices } of dataLoader(asked, { batchSize: 4, shuffle: 1 })) {
            const { fround } = Math;
            const expected = Array.from(indices, (i) =>
              Array.from(dataset.images.subarray(12 * i, 12 * i + 12), (value, k) => {
                const number = fround(value / unit);
                const channel = Math.floor(k / 6);
                return normalised
                  ? fround(fround(number - mean[channel]!) / std[channel]!)
                  : number;
              }),
            ).flat();
            assert.deepEqual([...x.dataSync()], expected, 'to the bit');
            assert.deepEqual(
              [...y.dataSync()],
              Array.from(indices, (i) => dataset.labels[i]),
            );
          }
        }
        assert.equal(tf.memory().numTensors, before);
      }
    });
  }

  it('stay so in parts of the dataset', () => {
    const normalised = normalise(floats, { mean: [1, 2], std: [3, 4] });
    for (const part of [take(normalised, 4), subset(normalised, 4, 3)]) {
      assert.ok(part.images instanceof Float32Array && part.labels instanceof Int32Array);
      assert.deepEqual(part.normalisation, { mean: [1, 2], std: [3, 4] });
    }
    const positions = Array.from(subset(floats, 4, 3).labels, (label) => label / 100);
    assert.deepEqual(
      [...subset(floats, 4, 3).images],
      positions.flatMap((i) => [...floats.images.subarray(12 * i, 12 * i + 12)]),
    );
  });

  it('have the statistics of each channel, by which they get mean 0 and deviation 1', () => {
    // By hand: channel 0 has 0, 51 and 102, 153; channel 1 has 255 everywhere but one 0.
    const small = makeDataset({
      name: 'hand',
      images: Uint8Array.of(0, 51, 255, 255, 102, 153, 255, 0),
      labels: Uint8Array.of(0, 0),
      imageShape: [2, 1, 2],
      classes: 1,
    });
    const { mean, std } = channelStatistics(small);
    // 0, 0.2, 0.4, 0.6: variance (0.09 + 0.01 + 0.01 + 0.09)/4. 1, 1, 1, 0: 3/16.
    assertClose(mean, [0.3, 0.75], { absolute: 1e-12 });
    assertClose(std, [Math.sqrt(0.05), Math.sqrt(3 / 16)], { absolute: 1e-12 });
    const own = channelStatistics(floats);
    for (const { x } of dataLoader(normalise(floats, own), { batchSize: 9 })) {
      const moments = tf.tidy(() => tf.moments(x, [0, 2, 3]));
      assertClose([...moments.mean.dataSync()], [0, 0], { absolute: 1e-5 });
      assertClose([...moments.variance.dataSync()], [1, 1], { absolute: 1e-5 });
      tf.dispose(moments);
    }
  });

  it('are refused with figures that do not fit the channels', () => {
    const wrong = [
      [{ mean: [0], std: [1] }, /mean must be a finite number for each of 2 channels, got \[0\]/],
      [{ mean: [0, 0], std: [1, 0] }, /std must be a finite number above 0 for each .* \[1, 0\]/],
      [{ mean: [0, Number.NaN], std: [1, 1] }, /mean must be .* got \[0, NaN\]/],
    ] as const;
    for (const [figures, message] of wrong) {
      assert.throws(() => normalise(bytes, figures), { name: 'InputError', message });
    }
    const holed = Float32Array.from(floats.images, (x, k) => (k === 7 ? Number.NaN : x));
    assert.throws(
      () => channelStatistics(makeDataset({ ...floats, images: holed })),
      /channelStatistics: toy has numbers in channel 1 that are not finite/,
    );
    // A constant has variance 0.
    const white = makeDataset({ ...bytes, images: new Uint8Array(bytes.images.length).fill(255) });
    assert.deepEqual(channelStatistics(white), { mean: [1, 1], std: [0, 0] });
    assert.throws(
      () => normalise(white, channelStatistics(white)),
      /got \[0, 0\]; .*where a channel is the same everywhere its std may be 1$/,
    );
    assert.throws(() => channelStatistics(take(bytes, 0)), /channelStatistics: toy has no image/);
  });
});
