import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type Batch, type DataLoader, dataLoader, take } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { toyDataset } from './toyDataset';

const dataset = toyDataset(23);

/** The positions that a pass visits, batch by batch. */
function visit(loader: DataLoader): number[][] {
  return Array.from(loader, ({ indices }) => [...indices]);
}

describe('data loader', () => {
  for (const backend of ['wasm', 'cpu'] as const) {
    it(`gives byte / 255 in float32 and labels in int32, at the right places, on ${backend}`, async () => {
      await useBackend(backend);
      for (const shuffle of [undefined, 3]) {
        for (const { x, y, indices, size } of dataLoader(dataset, { batchSize: 5, shuffle })) {
          assert.deepEqual([x.shape, y.shape], [[size, 2, 2, 3], [size]]);
          assert.deepEqual([x.dtype, y.dtype], ['float32', 'int32']);
          const bytes = Array.from(indices, (i) => [...dataset.images.slice(12 * i, 12 * i + 12)]);
          const expected = Float32Array.from(bytes.flat(), (byte) => byte / 255);
          assert.deepEqual(x.dataSync(), expected, 'to the bit');
          assert.deepEqual(
            y.dataSync(),
            Int32Array.from(indices, (i) => i % 10),
          );
        }
      }
    });
  }

  it('turns each of the 256 bytes into the float32 nearest to byte / 255', async () => {
    await useBackend('wasm');
    const images = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const bytes = { ...take(dataset, 1), images, imageShape: [1, 16, 16] as const };
    for (const { x } of dataLoader(bytes, { batchSize: 1 })) {
      assert.deepEqual(
        x.dataSync(),
        Float32Array.from(images, (byte) => byte / 255),
      );
    }
  });

  it('without a shuffle goes in the dataset’s order, the last batch short', () => {
    const loader = dataLoader(dataset, { batchSize: 10 });
    const range = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, k) => from + k);
    assert.equal(loader.length, 3);
    for (let pass = 0; pass < 2; pass++) {
      assert.deepEqual(visit(loader), [range(0, 10), range(10, 20), range(20, 23)]);
    }
  });

  it('leaves a short last batch out when told to drop, and only a short one', () => {
    const dropping = dataLoader(dataset, { batchSize: 10, drop: true });
    assert.equal(dropping.length, 2);
    assert.deepEqual(
      Array.from(dropping, ({ size }) => size),
      [10, 10],
    );
    const even = dataLoader(take(dataset, 20), { batchSize: 10, drop: true });
    assert.equal(visit(even).length, 2);
  });

  it('shuffles every pass anew, each sample once', () => {
    const loader = dataLoader(dataset, { batchSize: 4, shuffle: 5 });
    const passes = [visit(loader).flat(), visit(loader).flat()];
    assert.notDeepEqual(passes[0], passes[1]);
    const all = Array.from({ length: 23 }, (_, i) => i);
    for (const pass of passes) {
      assert.notDeepEqual(pass, all);
      assert.deepEqual(
        pass.toSorted((a, b) => a - b),
        all,
      );
    }
  });

  it('has an order that is a function of seed and epoch, whatever ran before', () => {
    const straight = dataLoader(dataset, { batchSize: 4, shuffle: 5 });
    const passes = [visit(straight), visit(straight), visit(straight)];
    assert.equal(straight.epoch, 3);
    const resumed = dataLoader(dataset, { batchSize: 4, shuffle: 5 });
    resumed.epoch = 2;
    assert.deepEqual(visit(resumed), passes[2]);
    resumed.epoch = 0;
    for (const _ of resumed) break;
    assert.deepEqual(visit(resumed), passes[1], 'a pass left early counts as one');
    assert.notDeepEqual(visit(dataLoader(dataset, { batchSize: 4, shuffle: 6 })), passes[0]);
  });

  it('runs two passes at once without one disturbing the other', () => {
    const loader = dataLoader(dataset, { batchSize: 5 });
    const [one, two] = [loader[Symbol.iterator](), loader[Symbol.iterator]()];
    const first = one.next().value as Batch;
    const before = first.x.dataSync().slice();
    two.next();
    (two.next().value as Batch).x.dataSync();
    assert.deepEqual(first.x.dataSync(), before);
    one.return?.();
    two.return?.();
  });

  describe('tensors', () => {
    let before: number;
    beforeEach(async () => {
      await useBackend('wasm');
      before = tf.memory().numTensors;
    });

    it('are two at a time inside the loop, none after', () => {
      for (const _ of dataLoader(dataset, { batchSize: 5 })) {
        assert.equal(tf.memory().numTensors, before + 2);
      }
      assert.equal(tf.memory().numTensors, before);
    });

    it('are gone after break, throw and return', () => {
      const loader = dataLoader(dataset, { batchSize: 5 });
      for (const _ of loader) break;
      assert.equal(tf.memory().numTensors, before);
      assert.throws(() => {
        for (const _ of loader) throw new Error('stop');
      }, /stop/);
      assert.equal(tf.memory().numTensors, before);
      const left = () => {
        for (const batch of loader) return batch.size;
      };
      assert.equal(left(), 5);
      assert.equal(tf.memory().numTensors, before);
    });

    it('may have been disposed in the loop, and live on as clones', () => {
      const kept = Array.from(dataLoader(dataset, { batchSize: 20 }), ({ x, y }) => {
        const clone = x.clone();
        tf.dispose([x, y]);
        return clone;
      });
      assert.equal(tf.memory().numTensors, before + 2);
      assert.equal(kept[1]!.dataSync()[0], Math.fround(((20 * 12) % 256) / 255));
      tf.dispose(kept);
    });
  });

  it('of an empty dataset, or of too few samples to fill a batch, has no batch', () => {
    const empty = dataLoader(take(dataset, 0), { batchSize: 4, shuffle: 1 });
    assert.equal(empty.length, 0);
    assert.deepEqual(visit(empty), []);
    const few = dataLoader(take(dataset, 3), { batchSize: 4, drop: true });
    assert.equal(few.length, 0);
    assert.deepEqual(visit(few), []);
  });

  it('takes a batch larger than the dataset', () => {
    assert.deepEqual(visit(dataLoader(take(dataset, 2), { batchSize: 1e9 })), [[0, 1]]);
  });

  it('refuses what makes no sense', () => {
    const torchs = { batchSize: 2, drop_last: true };
    assert.throws(() => dataLoader(dataset, torchs), {
      name: 'InputError',
      message: 'dataLoader: the option drop_last is called drop here',
    });
    const refuses = (make: () => unknown, message: RegExp) =>
      assert.throws(make, (error) => error instanceof InputError && message.test(error.message));
    for (const batchSize of [0, -1, 2.5, Number.NaN]) {
      refuses(
        () => dataLoader(dataset, { batchSize }),
        /^dataLoader: batchSize must be an integer/,
      );
    }
    refuses(() => dataLoader(dataset, { batchSize: 1, shuffle: -1 }), /shuffle must be an integer/);
    const loader = dataLoader(dataset, { batchSize: 1 });
    loader.epoch = -1;
    refuses(() => visit(loader), /^dataLoader: epoch must be an integer of at least 0, got -1/);
  });
});
