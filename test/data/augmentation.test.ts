import assert from 'node:assert/strict';
import { type Augmentation, type DataLoader, dataLoader, makeDataset } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';

/** Images of 2 channels, 3×4, whose numbers are all different and none 0. */
const dataset = makeDataset({
  name: 'counting',
  images: Uint8Array.from({ length: 4 * 24 }, (_, k) => k + 1),
  labels: Uint8Array.of(0, 1, 2, 3),
  imageShape: [2, 3, 4],
  classes: 4,
});

/**
 * By the definition: `padding` zeros around each channel, the window of the image's size at
 * (down, right), and each row the other way round.
 */
function cropped(index: number, padding: number, down: number, right: number, mirrored: boolean) {
  const channel = (c: number) =>
    Array.from({ length: 3 + 2 * padding }, (_, y) =>
      Array.from({ length: 4 + 2 * padding }, (_, x) => {
        const [row, column] = [y - padding, x - padding];
        const inside = row >= 0 && row < 3 && column >= 0 && column < 4;
        return inside ? dataset.images[index * 24 + c * 12 + row * 4 + column]! : 0;
      }),
    );
  const window = [channel(0), channel(1)].map((padded) =>
    padded.slice(down, down + 3).map((row) => {
      const cut = row.slice(right, right + 4);
      return mirrored ? cut.reverse() : cut;
    }),
  );
  return window.flat(2);
}

/** Each sample of a pass, as bytes. */
function seen(loader: DataLoader): { index: number; bytes: number[] }[] {
  return Array.from(loader, ({ x, indices }) => {
    const values = Array.from(x.dataSync(), (value) => Math.round(value * 255));
    return Array.from(indices, (index, k) => ({ index, bytes: values.slice(24 * k, 24 * k + 24) }));
  }).flat();
}

const loaderOf = (augmentation?: Augmentation, options = {}) =>
  dataLoader(dataset, { batchSize: 3, shuffle: 5, augmentation, ...options });

describe('augmentation', () => {
  before(() => useBackend('cpu'));

  for (const [padding, flip] of [
    [0, true],
    [1, false],
    [2, true],
    // Wider than the image: a crop may miss it.
    [5, true],
  ] as const) {
    it(`crops with padding ${padding}${flip ? ' and flips' : ''}, each place equally often`, () => {
      const places = new Map<string, string>();
      const side = 2 * padding + 1;
      for (let index = 0; index < 4; index++) {
        for (let place = 0; place < side * side * 2; place++) {
          const [down, right] = [Math.floor(place / 2 / side), Math.floor(place / 2) % side];
          const mirrored = place % 2 === 1;
          if (mirrored && !flip) continue;
          const bytes = cropped(index, padding, down, right, mirrored);
          if (bytes.some((byte) => byte !== 0)) places.set(`${index}: ${bytes}`, `${place}`);
        }
      }
      const loader = loaderOf({ padding, flip, seed: 1 });
      const counts = new Map([...new Set(places.values())].map((place) => [place, 0]));
      const passes = 1000;
      for (let epoch = 0; epoch < passes; epoch++) {
        for (const { index, bytes } of seen(loader)) {
          const place = places.get(`${index}: ${bytes}`);
          if (place !== undefined) counts.set(place, counts.get(place)! + 1);
          else assert.ok(bytes.every((byte) => byte === 0) && padding >= 3, `${bytes}`);
        }
      }
      // Binomial(4·passes, 1/places): within 5 standard deviations of the mean.
      const chance = 1 / (side * side * (flip ? 2 : 1));
      const [mean, deviation] = [4000 * chance, Math.sqrt(4000 * chance * (1 - chance))];
      for (const [place, count] of counts) {
        assert.ok(Math.abs(count - mean) < 5 * deviation, `place ${place}: ${count}, not ${mean}`);
      }
    });
  }

  it('is a function of its seed and the epoch, apart from the order', () => {
    const augmentation = { padding: 2, flip: true, seed: 7 };
    const straight = loaderOf(augmentation);
    const passes = [seen(straight), seen(straight), seen(straight)];
    assert.notDeepEqual(passes[0], passes[1]);
    const resumed = loaderOf(augmentation);
    resumed.epoch = 2;
    assert.deepEqual(seen(resumed), passes[2]);
    const other = seen(loaderOf({ ...augmentation, seed: 8 }));
    assert.notDeepEqual(other, passes[0]);
    const order = (pass: readonly { index: number }[]) => pass.map(({ index }) => index);
    assert.deepEqual(order(other), order(passes[0]!));
    assert.deepEqual(order(seen(loaderOf())), order(passes[0]!));
    const copy = { ...loaderOf(), augmentation };
    assert.deepEqual(seen(copy), passes[0], 'a copy of a loader does as its fields say');
  });

  it('pads floats with 0 before they are normalised, and labels stay', () => {
    const floats = makeDataset({
      ...dataset,
      images: Float32Array.from(dataset.images),
      normalisation: { mean: [1, 2], std: [2, 4] },
    });
    const loader = dataLoader(floats, { batchSize: 4, augmentation: { padding: 9, seed: 3 } });
    const zeros = new Set<number>();
    for (const { x, y } of loader) {
      assert.deepEqual([...y.dataSync()], [0, 1, 2, 3]);
      const values = x.dataSync();
      // (0 − 1)/2 and (0 − 2)/4 are both −½, and no number above 0 gives it.
      values.forEach((value) => {
        if (value === -0.5) zeros.add(value);
        else assert.ok(value > -0.5);
      });
    }
    assert.equal(zeros.size, 1);
  });

  it('refuses what it cannot be', () => {
    for (const [augmentation, message] of [
      [{ seed: -1 }, /augmentation\.seed must be an integer/],
      [
        { seed: 1, crop: 4 } as unknown as Augmentation,
        /no augmentation 'crop'; the augmentations are padding, flip, seed$/,
      ],
      [{ seed: 1, padding: 1.5 }, /augmentation\.padding must be an integer/],
      [{ seed: 1, flip: 'yes' as unknown as boolean }, /flip must be true or false, got yes/],
    ] as const) {
      assert.throws(
        () => loaderOf(augmentation),
        (error) => error instanceof InputError && message.test(error.message),
      );
    }
  });
});
