import assert from 'node:assert/strict';
import {
  type ByteDataset,
  type Dataset,
  makeDataset,
  normalise,
  subset,
  take,
} from '../../lib/data';
import { InputError } from '../../lib/errors';
import { toyDataset } from './toyDataset';

function refuses(make: () => unknown, message: RegExp): void {
  assert.throws(make, (error) => error instanceof InputError && message.test(error.message));
}

describe('dataset', () => {
  const whole = toyDataset(40);
  const parts = { name: 'toy', imageShape: [1, 1, 2] as const, classes: 3 };

  it('keeps the arrays it is given', () => {
    const [images, labels] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(2, 0)];
    const dataset = makeDataset({ ...parts, images, labels });
    assert.equal(dataset.length, 2);
    assert.equal(dataset.images, images);
    assert.equal(dataset.labels, labels);
  });

  it('stays one of bytes, to the compiler too, in parts and normalised', () => {
    const bytes: ByteDataset = makeDataset({
      ...parts,
      images: Uint8Array.of(1, 2, 3, 4),
      labels: Uint8Array.of(2, 0),
    });
    const some: ByteDataset = take(normalise(bytes, { mean: [0], std: [1] }), 1);
    // `reduce` of either kind of array would be none to call.
    assert.equal(
      some.images.reduce((sum, byte) => sum + byte, 0),
      3,
    );
    assert.equal(
      subset(bytes, 2, 1).labels.reduce((sum, label) => sum + label, 0),
      2,
    );
  });

  it('refuses images and labels of different numbers', () => {
    const [images, labels] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(2, 0, 1)];
    refuses(() => makeDataset({ ...parts, images, labels }), /dataset toy: .* 3 of 2 .* got 2 /);
  });

  it('refuses a label that is no class, and says where', () => {
    const [images, labels] = [new Uint8Array(6), Uint8Array.of(2, 0, 3)];
    refuses(() => makeDataset({ ...parts, images, labels }), /less than 3.* got 3 at position 2/);
  });

  it('refuses numbers of other kinds, which engines would each read otherwise', () => {
    const right = { images: new Uint8Array(4), labels: new Uint8Array(2) };
    const [images, labels] = [Float64Array.of(0, 0.5, 1, 0), Float32Array.of(2, 1)];
    const [words, list] = [Uint16Array.of(1, 2), [1, 2]];
    for (const wrong of [{ images }, { images: list }, { labels }, { labels: words }]) {
      const given = { ...parts, ...right, ...wrong } as unknown as Omit<Dataset, 'length'>;
      const [name] = Object.keys(wrong);
      refuses(() => makeDataset(given), new RegExp(`toy: ${name} must be a Uint8Array.* got .*y;`));
    }
  });

  it('refuses images that are not of three sizes, which would have NaN pixels', () => {
    const given = { ...parts, images: new Uint8Array(8), labels: new Uint8Array(2) };
    for (const imageShape of [[2, 2], [4], [1, 1, 2, 2]]) {
      const wrong = { ...given, imageShape } as unknown as Omit<Dataset, 'length'>;
      refuses(() => makeDataset(wrong), /toy: imageShape must be \[channels, height, width\], got/);
    }
  });

  it('refuses a label below 0', () => {
    const [images, labels] = [new Float32Array(4), Int32Array.of(2, -1)];
    refuses(() => makeDataset({ ...parts, images, labels }), /at least 0 .* got -1 at position 1/);
  });

  it('may be empty', () => {
    const nothing = new Uint8Array(0);
    assert.equal(makeDataset({ ...parts, images: nothing, labels: nothing }).length, 0);
    assert.equal(take(whole, 0).length, 0);
    assert.equal(subset(whole, 0, 1).length, 0);
  });

  it('take gives the first ones, in the same memory', () => {
    const some = take(whole, 3);
    assert.deepEqual([...some.labels], [0, 1, 2]);
    assert.deepEqual([...some.images], [...whole.images.slice(0, 36)]);
    assert.equal(some.images.buffer, whole.images.buffer);
    assert.deepEqual([some.imageShape, some.classes], [[2, 2, 3], 10]);
  });

  it('subset gives different samples with their own labels, in order, the same from one seed', () => {
    const some = subset(whole, 15, 7);
    // Image i starts with byte 12i mod 256, so 12·i = 256·k + byte tells positions below 40 apart
    // together with the label i mod 10.
    const positions = Array.from(some.labels, (label, row) => {
      const first = some.images[12 * row];
      const found = Array.from({ length: 40 }, (_, i) => i).filter(
        (i) => i % 10 === label && (12 * i) % 256 === first,
      );
      assert.equal(found.length, 1, `row ${row} is one image of the whole`);
      return found[0]!;
    });
    assert.deepEqual(
      positions,
      [...new Set(positions)].sort((a, b) => a - b),
    );
    positions.forEach((i, row) => {
      const expected = whole.images.subarray(12 * i, 12 * i + 12);
      assert.deepEqual(some.images.subarray(12 * row, 12 * row + 12), expected);
    });
    assert.deepEqual(subset(whole, 15, 7), some);
    assert.notDeepEqual(subset(whole, 15, 8), some);
  });

  // Node reads files into Buffers, whose own `slice` copies nothing.
  it('subset leaves what it draws from as it was, Buffers too', () => {
    const ofBuffers = {
      ...whole,
      images: Buffer.from(whole.images),
      labels: Buffer.from(whole.labels),
    };
    const [some, other] = [subset(ofBuffers, 15, 7), subset(ofBuffers, 15, 8)];
    assert.deepEqual([...ofBuffers.images], [...whole.images]);
    assert.deepEqual([...ofBuffers.labels], [...whole.labels]);
    assert.deepEqual([...some.labels], [...subset(whole, 15, 7).labels]);
    assert.deepEqual([...other.images], [...subset(whole, 15, 8).images]);
  });

  it('subset draws every sample equally often', () => {
    const counts = new Array<number>(40).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const { images, labels } = subset(whole, 10, seed);
      for (let row = 0; row < 10; row++) {
        const i = [0, 10, 20, 30]
          .map((tens) => tens + labels[row]!)
          .find((position) => (12 * position) % 256 === images[12 * row]);
        counts[i!]!++;
      }
    }
    // Binomial(2000, ¼): mean 500, standard deviation 19.4; 4.5 of them, over 40 counts.
    for (const count of counts) assert.ok(Math.abs(count - 500) < 88, `${counts}`);
  });

  it('subset of everything is the dataset itself', () => {
    assert.equal(subset(whole, 40, 3), whole);
  });

  it('refuses counts that are none, and a seed that is none', () => {
    for (const count of [-1, 1.5, Number.NaN]) {
      refuses(() => take(whole, count), /^take: count must be an integer of at least 0/);
      refuses(() => subset(whole, count, 1), /^subset: count must be an integer of at least 0/);
    }
    refuses(() => take(whole, 41), /^take: count must be at most 40, the samples of toy, got 41/);
    refuses(() => subset(whole, 41, 1), /^subset: count must be at most 40/);
    refuses(() => subset(whole, 4, -1), /^subset: seed must be an integer of at least 0/);
  });
});
