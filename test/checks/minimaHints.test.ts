import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkMinima } from '../../lib/checks';
import { ignoresInit } from '../../lib/checks/traceOfInit';
import { type Dataset, dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { apply, initialize } from '../../lib/nn';
import { clone, equal, linearCombination, norm, type StateDict, scale } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';
import { datasets, trained } from './toyTraining';

type Answer = Parameters<typeof checkMinima>[0];
type TrainOnce = NonNullable<Answer['trainOnce']>;

/** Images with the classes that a net gives them, but for the first `wrong` of them. */
function labelledBy(weights: StateDict, length: number, wrong: number): Dataset {
  const some = toyDataset(length, 5);
  const labels = Array.from(dataLoader(some, { batchSize: length }), ({ x }) =>
    apply(toyNetwork, weights, x).argMax(-1).dataSync(),
  ).flatMap((batch) => [...batch]);
  const other = labels.map((label, i) => (i < wrong ? (label + 1) % 10 : label));
  return { ...some, name: `${wrong} of ${length}`, labels: Uint8Array.from(other) };
}

describe('checkMinima', () => {
  let inits: StateDict[];
  let minima: StateDict[];
  before(async () => {
    await useBackend();
    inits = [1, 2].map((seed) => initialize(toyNetwork, seed));
    minima = [await trained(inits[0]!), await trained(inits[1]!)];
  });

  const found = async (change: Partial<Answer>) => {
    const usual = { task: '1.1', network: toyNetwork, inits, minima, leastAccuracy: 0.9 };
    return (await checkMinima({ ...usual, train: datasets.train, ...change })).findings;
  };
  const hintsOf = async (change: Partial<Answer>) => (await found(change)).map(({ hint }) => hint);

  it('says how many images are wrong, and where that comes from', async () => {
    const of = async (wrong: number, change: Partial<Answer> = {}) => {
      const train = labelledBy(minima[0]!, 1000, wrong);
      return (await hintsOf({ train, leastAccuracy: 1, ...change }))[2]!;
    };
    assert.equal(await of(0), undefined);
    assert.equal(
      await of(1),
      'it misclassifies 1 of 1000 training images: almost there, a few epochs more?',
    );
    assert.match(await of(2), /^it misclassifies 2 of 1000 training images: is the learning rate/);
    assert.match(await of(790), /^it misclassifies 790 of .*: is the learning rate what you think/);
    assert.match(await of(810), /^it misclassifies 810 of 1000 training images: does performEpoch/);
    assert.match(await of(800), /images: is the learning rate/, 'a fifth is more than nothing');
    const test = (wrong: number) => ({ test: labelledBy(minima[0]!, 500, wrong) });
    assert.match(
      await of(500, test(0)),
      /images, and no test image: was it trained on the test set/,
    );
    assert.match(await of(500, test(50)), /images: is the learning rate/, 'it does not know those');
    // Its weights are so many times as long as at its init.
    const longer = (times: number) => ({ inits: [scale(1 / times, minima[0]!), inits[1]!] });
    assert.match(
      await of(510, longer(10.5)),
      /, and its weights are 1\d times as long as at its init/,
    );
    assert.match(await of(510, longer(9.5)), /images: is the learning rate/);
    assert.match(await of(490, longer(10.5)), /images: is the learning rate/, 'it learnt by then');
    // Half of the bar is enough, of any bar.
    for (const leastAccuracy of [0.9, 1]) {
      const half = await of(500, { ...longer(10.5), leastAccuracy });
      assert.match(half, /images: is the learning rate/);
    }
  });

  it('calls the bar by its name', async () => {
    const what = async (leastAccuracy: number) => (await found({ leastAccuracy }))[2]!.what;
    assert.equal(await what(1), 'minimum 1 classifies every training image correctly');
    assert.equal(await what(0.95), 'minimum 1 classifies 95 % of the training images correctly');
  });

  it('says of two nets which of them it is', async () => {
    const [first, second] = minima as [StateDict, StateDict];
    const moved = inits.map((init) => scale(1.01, init)) as [StateDict, StateDict];
    const apart = async (...nets: unknown[]) =>
      (await hintsOf({ minima: nets as StateDict[] }))[0]!;
    assert.equal(await apart(first, moved[1]), 'net 2 has not learnt much yet');
    assert.equal(await apart(moved[0], second), 'net 1 has not learnt much yet');
    const half = labelledBy(first, 1000, 500);
    for (const leastAccuracy of [0.9, 1]) {
      const change = { minima: [first, moved[1]], train: half, leastAccuracy };
      assert.equal((await hintsOf(change))[0], 'net 2 has not learnt much yet');
    }
    const [, began] = await hintsOf({ minima: [moved[0], second] });
    assert.equal(began, 'that shows once both have learnt');
    const broken = scale(Number.NaN, first);
    assert.equal(await apart(first, broken), 'some weights of net 2 are not finite');
    assert.equal(await apart(broken, second), 'some weights of net 1 are not finite');
    assert.match(await apart(first), /^there are 1 minima: train twice, and keep both$/);
    const oneInit = await hintsOf({ inits: inits.slice(0, 1) });
    assert.equal(oneInit[0], 'there are 1 inits: keep where each training began');
    assert.deepEqual([oneInit[2], oneInit[3]], [undefined, 'it is missing']);
    const none = await hintsOf({ inits: 'none' as never, minima: 'none' as never });
    assert.match(String(none[0]), /^if it is answered, nothing has moved/);
    const shapeless = await hintsOf({ minima: [{}, {}] });
    assert.match(String(shapeless[0]), /^'layers\.1\.weight' should have shape/);
    const twins = await hintsOf({ inits: [inits[0]!, clone(inits[0]!)] });
    assert.match(String(twins[0]), /^both began at the same weights: what makes the second draw/);
    // However near to it, it is another one.
    const near = linearCombination([1, 0.01], inits);
    assert.equal((await hintsOf({ inits: [inits[0]!, near] }))[0], undefined);
  });

  it('takes nets for one at a cosine of 0.99', async () => {
    const [first, second] = minima as [StateDict, StateDict];
    const at = async (c: number) => {
      // Of length 1, and across each other.
      const one = scale(1 / norm(first), first);
      const other = scale(1 / norm(second), second);
      const share = tf.tidy(() =>
        Object.keys(one).reduce(
          (sum, name) => sum + one[name]!.mul(other[name]!).sum().dataSync()[0]!,
          0,
        ),
      );
      const across = linearCombination([1, -share], [other, one]);
      const length = Math.sqrt(1 - c * c) / norm(across);
      const near = linearCombination([c * norm(first), length * norm(first)], [one, across]);
      return (await hintsOf({ minima: [first, near] }))[0];
    };
    assert.match(String(await at(0.992)), /^both ended at the same weights/);
    assert.doesNotMatch(String(await at(0.988)), /^both ended at the same weights/);
  });

  it('says which minimum has no trace of its init, and exchanged only of both', async () => {
    const foreign = await trained(initialize(toyNetwork, 7));
    const began = async (...nets: StateDict[]) => String((await hintsOf({ minima: nets }))[1]);
    const [first, second] = minima as [StateDict, StateDict];
    assert.match(await began(first, foreign), /^minimum 2 has no trace of init 2 in it/);
    assert.match(await began(foreign, second), /^minimum 1 has no trace of init 1 in it/);
    assert.match(await began(second, foreign), /^minimum 1 has no trace of init 1 in it/);
    assert.match(await began(second, first), /^minimum 1 comes from init 2, and minimum 2 from/);
  });

  it('takes a first epoch that begins at a minimum for one that ignores it at 0.8 of the loss', async () => {
    const [init, weights] = [inits[0]!, minima[0]!];
    const live = tf.memory().numTensors;
    const ignores = (trainOnce: TrainOnce) => ignoresInit(trainOnce, { init, weights });
    const reporting =
      (...losses: number[]): TrainOnce =>
      async (from, _seed, report) => {
        const atMinimum = equal(from, weights);
        assert.ok(atMinimum || equal(from, init));
        for (const trainLoss of atMinimum ? losses : [2]) {
          try {
            report({ trainLoss } as never);
          } catch {
            // It goes on, as one that catches everything does.
          }
        }
        return from;
      };
    assert.equal(await ignores(reporting(1.58)), false);
    assert.equal(await ignores(reporting(1.62)), true);
    assert.equal(await ignores(reporting(1.62, 0.1)), true, 'the first epoch tells');
    const onlyAtMinimum: TrainOnce = async (from, _seed, report) => {
      if (equal(from, weights)) report({ trainLoss: 1 } as never);
      throw new Error('it goes no further');
    };
    assert.equal(await ignores(onlyAtMinimum), false);
    const stopped = Object.assign(new Error('stop'), { name: 'Interrupted' });
    await assert.rejects(
      ignores(() => Promise.reject(stopped)),
      { name: 'Interrupted' },
    );
    assert.equal(await ignores(async (from) => clone(from)), false, 'it follows what it is given');
    assert.equal(await ignores(async () => initialize(toyNetwork, 9)), true);
    assert.equal(tf.memory().numTensors, live);
  });
});
