import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { openLab } from '../../lib/notebook/lab';
import { reuse } from '../../lib/notebook/reuse';
import { equal } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';

describe('openLab', () => {
  it('is full and keeps its files in the project unless told otherwise', () => {
    const lab = openLab(undefined, {});
    assert.equal(lab.size, 'full');
    assert.match(lab.folder, /data\/checkpoints\/full$/);
    assert.equal(
      openLab(undefined, { LAB_SIZE: 'small', LAB_OUT: '/tmp/x' }).file('a'),
      '/tmp/x/a',
    );
  });

  it('lists the sizes there are', () => {
    assert.throws(
      () => openLab(undefined, { LAB_SIZE: 'tiny' }),
      /the size \(LAB_SIZE\) must be full or small, got tiny/,
    );
  });

  it('keeps figures as JSON, with null for what is not finite', () => {
    const lab = openLab(undefined, { LAB_OUT: temporaryFolder() });
    lab.saveFigures('part-9', { loss: 0.1, far: Number.POSITIVE_INFINITY });
    const figures = JSON.parse(readFileSync(lab.file('figures-part-9.json'), 'utf8'));
    assert.deepEqual(figures, { loss: 0.1, far: null });
  });
});

describe('reuse', () => {
  const folder = temporaryFolder();
  const row = { epoch: 1, learningRate: 0.1, trainLoss: 0.5, trainAcc: 0.9 };
  let made = 0;
  const make = async () => {
    made++;
    return { weights: { w: tf.tensor1d([made, 2]) }, history: [row] };
  };
  const log = console.log;
  let said: string[] = [];
  beforeEach(() => {
    said = [];
    console.log = (line: string) => said.push(line);
  });
  afterEach(() => {
    console.log = log;
  });

  it('makes a result once, and takes it up again while the settings are the same', async () => {
    const path = join(folder, 'a.safetensors');
    const first = await reuse(path, { seed: 1 }, make);
    const second = await reuse(path, { seed: 1 }, make);
    assert.equal(made, 1);
    assert.ok(equal(first.weights, second.weights));
    assert.deepEqual(second.history, [row]);
    assert.match(said[0] ?? '', /^taken from .*a\.safetensors \(seed 1\); delete that file/);
  });

  it('keeps nothing that is no state dict, and says what came instead', async () => {
    const path = join(folder, 'c.safetensors');
    const disposed = tf.tensor1d([1]);
    disposed.dispose();
    for (const [weights, says] of [
      [{ w: disposed }, /'w' of the result is disposed; .* return model\.weights/],
      [
        { theta: { w: tf.tensor1d([1]) }, history: [] },
        /'theta' in it is no tensor; return the wei/,
      ],
      [undefined, /expected a state dict as the result, got undefined/],
    ] as const) {
      const made = async () => ({ weights: weights as never, history: [] });
      await assert.rejects(() => reuse(path, { seed: 1 }, made), says);
    }
    assert.ok(!existsSync(path));
  });

  it('makes it again for other settings, and says so', async () => {
    const path = join(folder, 'b.safetensors');
    await reuse(path, { seed: 1 }, make);
    const before = made;
    const other = await reuse(path, { seed: 2 }, make);
    assert.equal(made, before + 1);
    assert.equal(other.weights.w!.dataSync()[0], made);
    assert.match(said[0] ?? '', /came from other settings \(seed 1, now 2\) and is computed again/);
    await reuse(path, { seed: 2, code: 'f' }, make);
    assert.match(said[1] ?? '', /other settings \(code\)/);
  });
});
