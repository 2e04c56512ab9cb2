import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkBendGradient } from '../../lib/checks';
import { disposeChoices, drawChoices } from '../../lib/checks/bendPlaces';
import type { Batch } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { linearCombination, norm, type StateDict, scale, subtract } from '../../lib/weights';
import { failing, hints, stub, verdicts } from './checked';
import { answer, batch, ends, some, theta, w1, w2 } from './toyBend';

const keepAll = <T extends { gradient: StateDict }>(of: T): T => {
  for (const tensor of Object.values(of.gradient)) tf.keep(tensor);
  return of;
};

describe('checkBendGradient', () => {
  before(() => useBackend());

  it('holds of the right one, and of a stub says that it is none yet', async () => {
    const asked: number[] = [];
    const live = tf.memory().numTensors;
    const right = await checkBendGradient(
      ends,
      (t, at, b) => {
        asked.push(t);
        return answer(t, at, b);
      },
      theta,
      batch,
    );
    assert.deepEqual(failing(right), []);
    assert.deepEqual(new Set(asked), new Set([0.2, 0.5, 0.8]));
    assert.equal(tf.memory().numTensors, live);
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
    const middle = linearCombination([0.5, 0.5], [w1, w2]);
    assert.match(await askedOf((t, _, b) => answer(t, middle, b)), /^it is that of another θ/);
    let own: StateDict | undefined;
    const keptTheta = await askedOf((t, at, b) => {
      own ??= at;
      return { loss: answer(t, at, b).loss, gradient: answer(t, own, b).gradient };
    });
    assert.match(keptTheta, /^\n\nit is that of another θ than it is given/, 'at t = 0.5 alone');
    const choices = drawChoices(ends, theta, batch, 1);
    const { size } = choices.part;
    disposeChoices(choices);
    const partly = (t: number, at: StateDict, b: Batch) => answer(t, at, some(b, 0, size));
    assert.match(await askedOf(partly), /^it is that of another batch than it is given/);
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

  it('tells one image of all left out; takes any order of summation for right', async () => {
    let off = '';
    const oneLess = await checkBendGradient(
      ends,
      (t, at, b) => {
        const { loss, gradient: right } = answer(t, at, b);
        const { gradient } = answer(t, at, some(b, 0, b.size - 1));
        if (t === 0.2) off = (norm(subtract(gradient, right)) / norm(right)).toPrecision(2);
        return { loss, gradient };
      },
      theta,
      batch,
    );
    // With less than half of the rest, nothing is earned for leaving all as it was.
    assert.deepEqual(verdicts(oneLess), ['holds', ...Array(4).fill('fails')]);
    assert.ok(hints(oneLess).includes(`it is nearly the gradient, but ${off} of its length off`));
    assert.match(off, /^0\.0\d\d$/);
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

  it('says what is amiss with a loss or a gradient that is none', async () => {
    const gradient = (of: (right: StateDict) => unknown) =>
      askedOf((t, at, b) => {
        const right = answer(t, at, b);
        return { ...right, gradient: of(right.gradient) };
      });
    assert.match(await gradient((g) => scale(0, g)), /^at t = 0\.2 the gradient is zero$/m);
    assert.match(
      await gradient((g) => scale(Number.NaN, g)),
      /^at t = 0\.2 the gradient is not finite$/m,
    );
    assert.match(await gradient(() => null), /^it returns null, not a state dict/m);
    assert.match(await gradient((g) => scale(2, g)), /along it is 0\.5\d\d times its length/);
    assert.match(
      await gradient(() => w1),
      /^the loss rises faster in another direction: is it the/m,
    );
    const loss = await askedOf((t, at, b) => ({ ...answer(t, at, b), loss: 9 }));
    assert.match(loss, /^at t = 0\.2 you have 9\.000, the network there has \d\.\d{3}$/m);
    const below = await askedOf((t, at, b) => ({ ...answer(t, at, b), loss: 0 }));
    assert.match(below, /^at t = 0\.2 you have 0\.000, the network there has/m);
    const two = await askedOf((t, at, b) => ({ ...answer(t, at, b), loss: [1, 1] }));
    assert.match(two, /^the loss is a list: expected a number/m);
    const diverged = { ...ends, w1: scale(Number.NaN, w1) };
    const nan = await checkBendGradient(diverged, () => ({ loss: 1, gradient: w1 }), theta, batch);
    assert.match(hints(nan), /^the loss there is not finite: are w₁ and w₂ minima\?$/m);
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
