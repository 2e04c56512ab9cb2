import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  type Check,
  checkBasis,
  checkBendGradient,
  checkChain,
  checkInterpolation,
} from '../../lib/checks';
import { randomPoints } from '../../lib/checks/points';
import { type Batch, dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { mimeBundle } from '../../lib/notebook/display';
import { bendGradient, getStateDictFromChain, interpolateBetweenStateDicts } from '../../lib/paths';
import { orthogonalBasis } from '../../lib/plane';
import { linearCombination, type StateDict, scale } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';

const verdicts = ({ findings }: Check) => findings.map(({ verdict }) => verdict);
const hints = ({ findings }: Check) => findings.map(({ hint }) => hint ?? '').join('\n');
const failing = ({ findings }: Check) =>
  findings.filter(({ verdict }) => verdict === 'fails').map(({ what }) => what);
const keepAll = <T extends { gradient: StateDict }>(of: T): T => {
  for (const tensor of Object.values(of.gradient)) tf.keep(tensor);
  return of;
};
const stub = (): never => {
  throw new Error('not answered yet');
};

const keepBasis = (basis: ReturnType<typeof orthogonalBasis>) => {
  for (const tensor of [basis.u, basis.v].flatMap((of) => Object.values(of))) tf.keep(tensor);
  return basis;
};

describe('checks of answers', () => {
  before(() => useBackend());

  describe('interpolation', () => {
    it('holds of the right one and says of a stub that it is none yet', async () => {
      assert.deepEqual(failing(await checkInterpolation(interpolateBetweenStateDicts)), []);
      const untouched = verdicts(await checkInterpolation(stub));
      assert.deepEqual(untouched, Array(6).fill('not answered'));
    });

    it('tells swapped ends, tensors paired by place, a clamped line, a lost tensor, a changed argument', async () => {
      const swapped = await checkInterpolation((t, a, b) => interpolateBetweenStateDicts(t, b, a));
      assert.match(hints(swapped), /at t = 1 you are where t = 0 should be: which end belongs/);
      const clamp = (t: number) => Math.max(0, Math.min(1, t));
      const clamped = await checkInterpolation((t, a, b) =>
        interpolateBetweenStateDicts(clamp(t), a, b),
      );
      assert.deepEqual(failing(clamped), ['past the ends the line goes on']);
      const lost = await checkInterpolation((t, a, b) => {
        const { 'head.bias': _, ...rest } = interpolateBetweenStateDicts(t, a, b);
        return rest;
      });
      assert.match(hints(lost), /no tensor 'head\.bias': take the names from the state dicts/);
      const greedy = await checkInterpolation((t, a, b) => {
        const point = interpolateBetweenStateDicts(t, a, b);
        a['head.bias'] = a['head.bias']!.mul(2);
        return point;
      });
      assert.ok(failing(greedy).includes('the state dicts it was given are as before'));
      const nothing = await checkInterpolation(() => undefined as unknown as StateDict);
      assert.match(hints(nothing), /returns undefined, not a state dict/);
      assert.equal(failing(nothing).length, 6);
      const byPlace = await checkInterpolation((t, a, b) => {
        const others = Object.values(b);
        const pair = ([name, x]: [string, tf.Tensor], i: number) =>
          [name, x.mul(t).add(others[i]!.mul(1 - t))] as const;
        return Object.fromEntries(Object.entries(a).map(pair));
      });
      assert.deepEqual(failing(byPlace), ['tensors are paired by their names']);
      const noShare = await checkInterpolation((t, a, b) => linearCombination([t, 1], [a, b]));
      assert.doesNotMatch(hints(noShare), /another order/, 'they are paired by name');
      const later = await checkInterpolation((async () => ({})) as unknown as () => StateDict);
      assert.match(hints(later), /returns a promise: this function must not be async/);
    });

    it('leaves no tensor of its own behind', async () => {
      const before = tf.memory().numTensors;
      await checkInterpolation(stub);
      await checkChain(stub);
      await checkBasis(stub);
      assert.equal(tf.memory().numTensors, before);
    });
  });

  describe('chain', () => {
    it('holds of the right one', async () => {
      assert.deepEqual(failing(await checkChain(getStateDictFromChain)), []);
    });

    it('tells where another one goes wrong', async () => {
      const early = await checkChain((t, w1, w2, theta) =>
        t <= 0.3
          ? linearCombination([1 - t / 0.3, t / 0.3], [w1, theta])
          : linearCombination([(1 - t) / 0.7, (t - 0.3) / 0.7], [theta, w2]),
      );
      assert.match(hints(early), /at t = 0\.5 your chain is [\d.]+ away from θ/);
      const torn = await checkChain((t, w1, w2, theta) =>
        t <= 0.5
          ? getStateDictFromChain(t, w1, w2, theta)
          : linearCombination([2 - 2 * t, t], [theta, w2]),
      );
      assert.deepEqual(failing(torn), ['the second segment', 'it is continuous at t = ½']);
      assert.match(hints(torn), /it is [\d.]+ off the straight way from θ to w₂, crossed at even/);
      const hop = await checkChain((t, w1, w2, theta) =>
        t === 0.5 ? scale(1, theta) : linearCombination([1 - t, t], [w1, w2]),
      );
      assert.ok(failing(hop).includes('it is continuous at t = ½'));
      const curved = await checkChain((t, w1, w2, theta) =>
        linearCombination([(1 - t) ** 2, 2 * t * (1 - t), t * t], [w1, theta, w2]),
      );
      assert.ok(failing(curved).includes('φ(½) = θ'));
    });

    it('says of exchanged or wrong ends only what follows', async () => {
      const exchanged = await checkChain((t, w1, w2, theta) =>
        getStateDictFromChain(t, w2, w1, theta),
      );
      assert.deepEqual(
        exchanged.findings
          .slice(0, 5)
          .map(({ hint = 'holds' }) => hint.replace(/[\d.]+ away/, 'away')),
        [
          'at t = 0 your chain is at w₂, away from w₁: look at the first segment',
          'holds',
          'at t = 1 your chain is at w₁, away from w₂: look at the second segment',
          'between its ends it is straight, and crossed at even speed, but it does not lead from w₁ to θ',
          'between its ends it is straight, and crossed at even speed, but it does not lead from θ to w₂',
        ],
      );
      const uneven = await checkChain((t, w1, w2, theta) =>
        getStateDictFromChain(t < 0.5 ? 2 * t * t : t, w1, w2, theta),
      );
      assert.deepEqual(failing(uneven), ['the first segment']);
      assert.match(
        hints(uneven),
        /at t = 0\.1 it is [\d.]+ off the straight way from w₁ to θ, crossed/,
      );
    });

    it('gives nothing for standing still but the end where it stands', async () => {
      const still = await checkChain((_, w1) => w1);
      assert.deepEqual(verdicts(still).filter((verdict) => verdict === 'holds').length, 1);
      assert.match(hints(still), /it does not move at all/);
      const nothing = await checkChain(() => undefined as unknown as StateDict);
      assert.equal(failing(nothing).length, 7);
      assert.doesNotMatch(hints(nothing), /threw/);
    });
  });

  describe('basis', () => {
    it('holds whatever the lengths, signs and order', async () => {
      const variants: ((...points: [StateDict, StateDict, StateDict]) => {
        u: StateDict;
        v: StateDict;
      })[] = [
        orthogonalBasis,
        (...points) => {
          const { u, v } = orthogonalBasis(...points);
          return { u: scale(0.01, v), v: scale(-3, u) };
        },
        (w1, w2, theta) => orthogonalBasis(theta, w1, w2),
      ];
      for (const basis of variants) assert.deepEqual(failing(await checkBasis(basis)), []);
      assert.deepEqual(verdicts(await checkBasis(stub)), Array(4).fill('not answered'));
    });

    it('says what is missing from what comes back, and of points that it has not given', async () => {
      const of = async (value: unknown) => hints(await checkBasis(() => value as never));
      assert.match(await of(undefined), /^it returns undefined, not { u, v }: does it end with a/);
      assert.match(await of(undefined), /(\nthe same as for “û ⊥ v̂”){2}\n/);
      assert.match(await of({ u: {} }), /there is no v in what it returns: expected { u, v }/);
      let calls = 0;
      const [any, other] = randomPoints(2, 7) as [StateDict, StateDict];
      const inTurn = await checkBasis((w1, w2, theta) => {
        if (calls++ === 0) return orthogonalBasis(any, other, theta);
        return { u: linearCombination([1, -1], [calls === 2 ? w2 : theta, w1]), v: any };
      });
      assert.equal(calls, 2, 'all is told of one pair, for either three points');
      assert.equal(failing(inTurn).length, 4);
      const global = { 'layers.1.weight': tf.zeros([64, 784]) };
      assert.match(await of({ u: global, v: global }), /u: its .* does it use its arguments\?/);
    });

    it('tells an angle, another plane, and a vector that is none', async () => {
      const slanted = await checkBasis((w1, w2, theta) => ({
        u: linearCombination([1, -1], [w2, w1]),
        v: linearCombination([1, -1], [theta, w1]),
      }));
      // What the task gives is no answer, so it earns nothing.
      assert.equal(failing(slanted).length, 4);
      assert.match(hints(slanted), /there are [\d.]+° between them/);
      const [other] = randomPoints(1, 9) as [StateDict];
      const elsewhere = await checkBasis((w1, w2) => orthogonalBasis(w1, w2, other));
      assert.deepEqual(failing(elsewhere), ['θ lies in their plane']);
      const zero = await checkBasis((...points) => {
        const { u, v } = orthogonalBasis(...points);
        return { u, v: scale(0, v) };
      });
      assert.equal(failing(zero).length, 4);
    });
  });

  describe('gradient at θ', () => {
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
      const elsewhere = await checkBendGradient(
        ends,
        (_, at, b) => answer(0.5, at, b),
        theta,
        batch,
      );
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

  it('tells tensors named as in the notebook, points that are changed, and a basis kept', async () => {
    const named = await checkInterpolation((t, a, b) =>
      Object.fromEntries(
        ['layers.1.weight', 'layers.1.bias', 'layers.3.weight', 'layers.3.bias'].map((name) => [
          name,
          a[name]!.mul(t).add(b[name]!.mul(1 - t)),
        ]),
      ),
    );
    assert.equal(failing(named).length, 6);
    const chain = await checkChain((t, w1, w2, theta) => {
      const point = getStateDictFromChain(t, w1, w2, theta);
      if (t === 1) w2['layers.3.bias']!.dispose();
      return point;
    });
    assert.ok(failing(chain).includes('what it was given is as before'));
    let first: ReturnType<typeof orthogonalBasis> | undefined;
    const kept = await checkBasis((...points) => {
      first ??= keepBasis(orthogonalBasis(...points));
      return first;
    });
    assert.match(hints(kept), /with other points, [\d.]+ % of the way from w₁ to w₂ lies outside/);
  });

  it('take one line where nothing is answered', async () => {
    const text = async (check: Promise<Check>) =>
      String((await mimeBundle(await check))['text/plain']);
    assert.equal(await text(checkInterpolation(stub)), 'Task 1.2\n… all of it: not answered yet');
  });

  it('are shown as a list with signs, in words where there is no HTML', async () => {
    const bundle = await mimeBundle(
      await checkInterpolation((t, a, b) => {
        if (t === 0) throw new Error('<b>');
        return interpolateBetweenStateDicts(t, a, b);
      }),
    );
    assert.match(
      String(bundle['text/plain']),
      /^Task 1\.2\n✓ at t = 1 .*\n✗ at t = 0 .*: your code threw: <b>/,
    );
    assert.match(String(bundle['text/html']), /your code threw: &#60;b&#62;/);
  });
});
