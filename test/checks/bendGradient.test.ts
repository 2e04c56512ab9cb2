import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkBendGradient } from '../../lib/checks';
import { type Batch, dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { bendGradient } from '../../lib/paths';
import { linearCombination, type StateDict, scale } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';
import { failing, hints, stub, verdicts } from './checked';

const keepAll = <T extends { gradient: StateDict }>(of: T): T => {
  for (const tensor of Object.values(of.gradient)) tf.keep(tensor);
  return of;
};

describe('checkBendGradient', () => {
  before(() => useBackend());

  const [w1, w2, theta] = [1, 2, 3].map((seed) => initialize(toyNetwork, seed)) as [
    StateDict,
    StateDict,
    StateDict,
  ];
  const ends = { network: toyNetwork, w1, w2 };
  const answer = (t: number, at: StateDict, batch: Batch) =>
    bendGradient(toyNetwork, t, { w1, w2, theta: at }, batch);
  const [batch] = Array.from(dataLoader(toyDataset(200, 1), { batchSize: 200 }), (b) => ({
    ...b,
    x: b.x.clone(),
    y: b.y.clone(),
  })) as [Batch];

  it('holds of the right one, and of a stub says that it is none yet', async () => {
    assert.deepEqual(failing(await checkBendGradient(ends, answer, theta, batch)), []);
    assert.deepEqual(
      verdicts(await checkBendGradient(ends, stub, theta, batch)),
      Array(5).fill('not answered'),
    );
  });

  const askedOf = async (wrong: (t: number, at: StateDict, b: Batch) => object) =>
    hints(await checkBendGradient(ends, wrong as typeof answer, theta, batch));

  it('tells a θ or a batch of its own, and what was kept from the first call', async () => {
    assert.match(
      await askedOf((t, _, b) => answer(t, theta, b)),
      /it is that of another θ than it is given: does it use its arguments\?/,
    );
    assert.match(
      await askedOf((t, at) => answer(t, at, batch)),
      /it is that of another batch than it is given/,
    );
    assert.match(
      await askedOf((t) => answer(t, theta, batch)),
      /it is that of another θ than it is given/,
    );
    const kept = new Map<number, ReturnType<typeof answer>>();
    const first = await checkBendGradient(
      ends,
      (_, at, b) => {
        if (!kept.has(0))
          kept.set(
            0,
            tf.tidy(() => keepAll(answer(0.2, at, b))),
          );
        return kept.get(0)!;
      },
      theta,
      batch,
    );
    assert.deepEqual(verdicts(first).slice(0, 4), ['fails', 'holds', 'fails', 'fails']);
  });

  it('wants a number for the loss, and leaves θ and the batch as they are', async () => {
    const loss = (of: (loss: number) => unknown) =>
      askedOf((t, at, b) => {
        const right = answer(t, at, b);
        return { ...right, loss: of(right.loss) };
      });
    assert.match(
      await loss((x) => tf.scalar(x)),
      /the loss is a tensor \(dataSync\(\)\[0\] gives its number\): expected a number/,
    );
    assert.match(await loss((x) => x.toFixed(3)), /'\d\.\d+', which is a text and no number/);
    assert.match(await loss((x) => Promise.resolve(x)), /a promise \(is an await missing\?\)/);
    assert.equal((await loss((x) => Float32Array.of(x))).trim(), '');
    const moved = await checkBendGradient(
      ends,
      (t, at, b) => {
        const right = answer(t, at, b);
        const [name] = Object.keys(at);
        at[name!] = tf.keep(at[name!]!.clone());
        return right;
      },
      { ...theta },
      batch,
    );
    assert.deepEqual(failing(moved), ['what it was given is as before']);
    assert.match(hints(moved), /it changes or disposes θ, which others still need/);
  });

  const some = (b: Batch, from: number, size: number): Batch => ({
    ...b,
    x: b.x.slice([from], [size]),
    y: b.y.slice([from], [size]),
    size,
  });

  it('tells one image of all left out; takes any order of summation for right', async () => {
    const oneLess = await checkBendGradient(
      ends,
      (t, at, b) => ({
        loss: answer(t, at, b).loss,
        gradient: answer(t, at, some(b, 0, b.size - 1)).gradient,
      }),
      theta,
      batch,
    );
    // With less than half of the rest, nothing is earned for leaving all as it was.
    assert.deepEqual(verdicts(oneLess), ['holds', ...Array(4).fill('fails')]);
    assert.match(hints(oneLess), /it is nearly the gradient, but 0\.0\d+ of its length off/);
    const oneByOne = await checkBendGradient(
      ends,
      (t, at, b) => {
        const each = Array.from({ length: b.size }, (_, i) => answer(t, at, some(b, i, 1)));
        return {
          loss: each.reduce((sum, { loss }) => sum + loss, 0) / b.size,
          gradient: linearCombination(
            each.map(() => 1 / b.size),
            each.map(({ gradient }) => gradient),
          ),
        };
      },
      theta,
      batch,
    );
    assert.deepEqual(failing(oneByOne), []);
  });

  it('tells a missing factor, a missing layer, and a sign', async () => {
    const without = await checkBendGradient(
      ends,
      (t, at, b) => {
        const { loss, gradient } = answer(t, at, b);
        return { loss, gradient: scale(1 / (t <= 0.5 ? 2 * t : 2 - 2 * t), gradient) };
      },
      theta,
      batch,
    );
    assert.deepEqual(verdicts(without), ['holds', 'fails', 'holds', 'fails', 'holds']);
    assert.match(
      hints(without),
      /along it is 0\.4\d* times its length \|g\|, not once: how far does φ\(t\) move/,
    );
    const downhill = await checkBendGradient(
      ends,
      (t, at, b) => {
        const { loss, gradient } = answer(t, at, b);
        return { loss, gradient: scale(-1, gradient) };
      },
      theta,
      batch,
    );
    assert.match(hints(downhill), /which way does a gradient point/);
    const elsewhere = await checkBendGradient(ends, (_, at, b) => answer(0.5, at, b), theta, batch);
    assert.match(hints(elsewhere), /at t = 0\.2 it is that of the net at θ: which point is φ/);
    const layer = await checkBendGradient(
      ends,
      (t, at, b) => {
        const { loss, gradient } = answer(t, at, b);
        const name = Object.keys(gradient)[0]!;
        return { loss, gradient: { ...scale(0, gradient), [name]: gradient[name]! } };
      },
      theta,
      batch,
    );
    assert.deepEqual(verdicts(layer), ['holds', 'fails', 'fails', 'fails', 'fails']);
    assert.match(hints(layer), /has every layer its part in your gradient/);
  });
});
