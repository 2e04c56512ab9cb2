import assert from 'node:assert/strict';
import { makeDataset } from '../../../lib/data';
import { nativeEngine } from '../../../lib/engine';
import {
  bytesAt,
  putFences,
  release,
  reservations,
  reserve,
  trampledFences,
} from '../../../lib/engine/native/memory';
import { planOf } from '../../../lib/engine/native/plan';
import { sparseDataset } from '../../../lib/engine/native/sparse';
import { initialize } from '../../../lib/nn';
import { toyDataset, toyNetwork } from '../../toy';

describe("the native engine's memory", () => {
  it('after a refusal still gives what there is', () => {
    const before = reservations();
    // Memories of WebAssembly end at 2¹⁶ pages of 64 KB.
    for (const bytes of [2 ** 32 + 1, 1e15, Number.NaN]) {
      assert.throws(() => reserve(bytes), { name: 'InputError' });
      const address = reserve(64);
      bytesAt(address, 64).fill(1);
      release(address);
    }
    assert.equal(reservations(), before);
  });

  it('gives no two reservations the same byte, and puts fences where it is told', () => {
    putFences(128);
    const parts = [1, 64, 65, 1000].map((bytes) => ({ address: reserve(bytes), bytes }));
    try {
      for (const [i, { address, bytes }] of parts.entries()) bytesAt(address, bytes).fill(i + 1);
      for (const [i, { address, bytes }] of parts.entries()) {
        assert.ok(bytesAt(address, bytes).every((byte) => byte === i + 1));
      }
      assert.deepEqual(trampledFences(), []);
      const { address } = parts[1]!;
      const behind = bytesAt(address + 64, 1);
      const kept = behind[0]!;
      behind[0] = kept + 1;
      assert.deepEqual(trampledFences(), [address]);
      behind[0] = kept;
    } finally {
      putFences(0);
      for (const { address } of parts) release(address);
    }
    assert.deepEqual(trampledFences(), []);
  });

  it('keeps nothing of a dataset that it has no room for', () => {
    const before = reservations();
    // 2³⁰ images of no pixel: the list of offsets alone is 4 GB.
    const huge = { ...toyDataset(1, 1), imageShape: [1, 1, 0], length: 2 ** 30 } as const;
    assert.throws(() => sparseDataset(huge, planOf(toyNetwork)!), { name: 'InputError' });
    // Fails when everything is reserved.
    const broken = { ...toyDataset(3, 1), labels: undefined as unknown as Uint8Array };
    assert.throws(() => sparseDataset(broken, planOf(toyNetwork)!), TypeError);
    assert.equal(reservations(), before);
  });

  it('refuses a dataset that was changed after its first use, before a kernel reads it', async () => {
    const labels = new Uint8Array(8);
    const dataset = makeDataset({ ...toyDataset(8, 1), labels });
    const plan = planOf(toyNetwork)!;
    sparseDataset(dataset, plan);
    const narrow = { ...plan, layers: plan.layers.map((layer) => ({ ...layer, outputs: 0 })) };
    assert.throws(() => sparseDataset(dataset, narrow), /labels up to 0, .* 0 outputs/);
    const wide = { ...plan, layers: plan.layers.map((layer) => ({ ...layer, inputs: 15 })) };
    assert.throws(() => sparseDataset(dataset, wide), /16 pixels.* 15 inputs/);
    Object.assign(dataset, { length: 9 });
    assert.throws(() => sparseDataset(dataset, plan), /8 images.* it has 9/);
  });

  it('holds a dataset as long as an evaluator needs it', async () => {
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const evaluator = nativeEngine.evaluator(
      toyNetwork,
      [initialize(toyNetwork, 1)],
      toyDataset(500, 1),
    );
    const [before] = await evaluator.evaluate([[1]]);
    const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
    for (let i = 0; i < 5; i++) {
      collect();
      await turn();
    }
    // Whatever was given back by mistake is overwritten.
    const parts = Array.from({ length: 50 }, () => reserve(1000));
    for (const address of parts) bytesAt(address, 1000).fill(255);
    const [after] = await evaluator.evaluate([[1]]);
    assert.deepEqual(after, before);
    for (const address of parts) release(address);
    evaluator.dispose();
  });
});
