import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { reuse, reuseFigures } from '../../lib/notebook/reuse';
import { equal, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';

describe('what is kept', () => {
  const folder = temporaryFolder();
  const log = console.log;
  let said: string[] = [];
  beforeEach(() => {
    said = [];
    console.log = (line: string) => said.push(line);
  });
  afterEach(() => {
    console.log = log;
  });

  describe('reuse', () => {
    const row = { epoch: 1, learningRate: 0.1, trainLoss: 0.5, trainAcc: 0.9 };
    let made = 0;
    const make = async () => {
      made++;
      return { weights: { w: tf.tensor1d([made, 2]) }, history: [row] };
    };

    it('makes a result once, and takes it up again while the settings are the same', async () => {
      const path = join(folder, 'a.safetensors');
      const first = await reuse(path, { seed: 1 }, make);
      utimesSync(path, 0, new Date(2026, 10, 26, 9, 5));
      const second = await reuse(path, { seed: 1 }, make);
      assert.equal(made, 1);
      assert.ok(equal(first.weights, second.weights));
      assert.deepEqual(second.history, [row]);
      assert.match(
        said[0] ?? '',
        /^taken from .*a\.safetensors \(made 2026-11-26 09:05, seed 1\): .*; lab\.forget\('a\.safetensors'\) and run again to make it anew$/,
      );
    });

    it('keeps a history that is no numbers as it is, and takes none from a foreign file', async () => {
      const path = join(folder, 'nan.safetensors');
      const history = [{ ...row, trainLoss: Number.NaN }];
      const diverged = async () => ({ weights: { w: tf.tensor1d([1]) }, history });
      saveStateDict(path, { w: tf.tensor1d([2]) }, { history: 'long', settings: 'none' });
      for (let time = 0; time < 2; time++) {
        assert.deepEqual((await reuse(path, { seed: 1 }, diverged)).history, history);
      }
      assert.match(said.at(-1)!, /^taken from/);
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
      const settings = [
        { seed: 1 },
        { seed: 2 },
        { seed: 2, code: 'f' },
        { seed: 2, code: () => 1 },
        { seed: 2, code: () => 2 },
        { seed: 2, rate: Number.NaN },
        { seed: 2, rate: Number.POSITIVE_INFINITY },
        { seed: 2, rates: new Map([['a', 1]]) },
        { seed: 2, rates: new Map([['a', 2]]) },
        { seed: 2, data: Uint8Array.of(1, 2) },
        { seed: 2, data: Uint8Array.of(2, 1) },
        { seed: 2, ends: { w: tf.tensor1d([1]) } },
        { seed: 2, ends: { w: tf.tensor1d([2]) } },
      ];
      for (const from of settings) {
        const before = made;
        const { weights } = await reuse(path, from, make);
        assert.equal(made, before + 1, said.at(-1));
        assert.equal(weights.w!.dataSync()[0], made);
      }
      assert.match(said[0]!, /came from other settings \(seed 1, now 2\) and is computed again/);
      assert.match(said[1]!, /other settings \(code\)/);
      assert.match(said.at(-1)!, /other settings \(ends\.w\)/);
      await reuse(path, settings.at(-1)!, make);
      assert.match(said.at(-1)!, /^taken from/);
    });

    it('refuses a setting that cannot be compared before it makes anything', async () => {
      const before = made;
      const never = reuse(join(folder, 'd.safetensors'), { when: Promise.resolve() }, make);
      await assert.rejects(never, /^InputError: reuse: settings\.when is a Promise/);
      assert.equal(made, before);
    });
  });

  describe('reuseFigures', () => {
    const path = join(folder, 'figures.json');

    it('gives figures back as they were, NaN, ∞ and −0 too', async () => {
      const figures = { ts: [0, -0, 0.1], loss: [Number.NaN, Number.POSITIVE_INFINITY, 1] };
      let made = 0;
      const make = async () => {
        made++;
        return figures;
      };
      assert.equal(await reuseFigures(path, { points: 3 }, make), figures);
      assert.deepEqual(await reuseFigures(path, { points: 3 }, make), figures);
      assert.equal(made, 1);
      await reuseFigures(path, { points: 4 }, make);
      assert.equal(made, 2);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith('.tmp')),
        [],
      );
    });

    it('gives back what it cannot keep, says so, and leaves the old file', async () => {
      const before = readFileSync(path, 'utf8');
      for (const odd of [
        { loss: Float32Array.of(1) },
        { f: () => 1 },
        { a: undefined },
        new Map(),
      ]) {
        assert.equal(await reuseFigures(path, { points: 5 }, async () => odd), odd);
        assert.match(said.at(-1)!, /^NOT KEPT in .*figures\.json: the result is more than numbers/);
      }
      const promise = { loss: Promise.resolve(1) };
      assert.equal(await reuseFigures(path, { points: 5 }, async () => promise), promise);
      assert.match(said.at(-1)!, /^NOT KEPT in .*: the result\.loss is a Promise/);
      assert.equal(readFileSync(path, 'utf8'), before);
    });

    it('makes figures anew where the file is none of them', async () => {
      for (const text of ['', '[]', 'null', '{"settings": {"points": 6}']) {
        writeFileSync(path, text);
        assert.deepEqual(await reuseFigures(path, { points: 6 }, async () => [text]), [text]);
      }
    });
  });
});
