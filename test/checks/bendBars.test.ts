import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkBend } from '../../lib/checks';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import {
  chain,
  evaluatePath,
  fitBend,
  line,
  linspace,
  measurePath,
  type Path,
} from '../../lib/paths';
import { dot, linearCombination, norm, type StateDict, scale, subtract } from '../../lib/weights';
import { toyNetwork } from '../toy';
import { failing, hints, notHolding } from './checked';
import { datasets, trained } from './toyTraining';

const { train } = datasets;
const TS = linspace(0, 1, 21);

describe('the bars of checkBend', () => {
  /** Far out, where the ridge between them is higher than 1 nat. */
  let w1: StateDict;
  let w2: StateDict;
  let fitted: StateDict;
  /** θ a little off the middle of the line. */
  let hardly: StateDict;
  before(async () => {
    await useBackend();
    const ends = [1, 2].map((seed) => trained(scale(4, initialize(toyNetwork, seed))));
    const [first, second] = (await Promise.all(ends)) as [StateDict, StateDict];
    const { theta } = await fitBend(toyNetwork, first, second, {
      loader: dataLoader(train, { batchSize: 20, shuffle: 1 }),
      optimizer: SGD({ learningRate: 0.1, momentum: 0.9 }),
      epochs: 20,
      seed: 3,
    });
    [w1, w2, fitted] = [scale(2, first), scale(2, second), scale(2, theta)];
    const [u, any] = [subtract(w2, w1), initialize(toyNetwork, 9)];
    const across = linearCombination([1, -dot(u, any) / dot(u, u)], [any, u]);
    hardly = linearCombination([0.5, 0.5, (0.02 * norm(u)) / norm(across)], [w1, w2, across]);
  });

  const usual = (theta: StateDict) => ({ task: '2.2', network: toyNetwork, w1, w2, theta, train });
  const answer = (theta: StateDict, share: number, leastAccuracy: number) =>
    checkBend({ ...usual(theta), share, leastAccuracy });

  async function measured(theta: StateDict) {
    const on = (path: Path) => evaluatePath(toyNetwork, path, TS, { train });
    const [bent, straight] = [await on(chain(w1, w2, theta)), await on(line(w2, w1))];
    const rises = measurePath(TS, straight.trainLoss).barrierA;
    return { ...measurePath(TS, bent.trainLoss), rises, trainAcc: bent.trainAcc };
  }

  it('are the share of the ridge that is left, and the least accuracy', async () => {
    const { barrierA, argmax, rises, trainAcc } = await measured(fitted);
    assert.ok(rises > 1.2, `the line rises by ${rises}`);
    const [share, least] = [barrierA / rises, Math.min(...trainAcc)];
    const held = await answer(fitted, 1.02 * share, least);
    assert.deepEqual(notHolding(held), []);
    assert.deepEqual(
      held.findings.map(({ what }) => what),
      [
        'θ has left the line',
        'the ridge of the line is gone from the chain',
        `the chain keeps ${100 * least} % train accuracy`,
      ],
    );
    const missed = await answer(fitted, 0.98 * share, least + 1e-6);
    assert.deepEqual(
      missed.findings.map(({ hint }) => hint),
      [
        undefined,
        `the chain rises by ${barrierA.toPrecision(3)} nats over its ends, highest at t = ` +
          `${argmax.toFixed(2)}; the line by ${rises.toPrecision(3)}: more epochs, or another learning rate?`,
        `at t = ${TS[trainAcc.indexOf(least)]!.toFixed(2)} it has ${(100 * least).toFixed(1)} %`,
      ],
    );
  });

  it('are not those of a θ that has left the line, and hardly gone downhill', async () => {
    const { barrierA, rises } = await measured(hardly);
    assert.ok(barrierA > 0.75 * rises && barrierA < 1.25 * rises, `${barrierA / rises}`);
    const check = await answer(hardly, 2, 0);
    assert.deepEqual(failing(check), ['θ has left the line']);
    assert.equal(
      check.findings[0]!.hint,
      `it has, but hardly downhill: the chain rises by ${barrierA.toPrecision(2)} nats, the line by ` +
        `${rises.toPrecision(2)}. Which way do the steps go?`,
    );
  });

  it('want a quarter of the ridge gone, however high it is', async () => {
    const middle = linearCombination([0.5, 0.5], [w1, w2]);
    const left: number[] = [];
    for (const share of linspace(0.02, 0.12, 11)) {
      const theta = linearCombination([1 - share, share], [middle, fitted]);
      const { barrierA, rises } = await measured(theta);
      left.push(barrierA / rises);
      const [hasLeft] = (await answer(theta, 2, 0)).findings;
      assert.equal(hasLeft!.verdict, barrierA < 0.75 * rises ? 'holds' : 'fails', String(left));
    }
    const between = (low: number, high: number) => left.some((x) => x > low && x < high);
    assert.ok(between(0.65, 0.75) && between(0.75, 0.85), String(left));
  });

  it('hold between two minima, and name the end that is none', async () => {
    const init = initialize(toyNetwork, 2);
    const accuracy = async (weights: StateDict) => {
      const { trainAcc } = await evaluatePath(toyNetwork, line(weights, weights), [0], { train });
      return trainAcc[0]!;
    };
    const share = await accuracy(init);
    for (const [name, ends] of [
      ['w₁', { w1: init, w2 }],
      ['w₂', { w1, w2: init }],
    ] as const) {
      const check = await checkBend({ ...usual(fitted), ...ends, share: 1, leastAccuracy: 0.9 });
      assert.match(
        hints(check),
        new RegExp(
          `^${name} is no minimum, it has ${(100 * share).toFixed(1)} % train accuracy: train it`,
        ),
      );
    }
    // Nine tenths of the bar are enough.
    const least = share / 0.9;
    assert.equal(0.9 * least, share);
    const at = async (leastAccuracy: number) =>
      hints(await checkBend({ ...usual(fitted), w1: init, share: 1, leastAccuracy }));
    assert.doesNotMatch(await at(least), /is no minimum/);
    assert.match(await at(least + 1e-6), /^w₁ is no minimum/);
    const far = { ...usual(fitted), w1: scale(1e30, w1), share: 1, leastAccuracy: 0.9 };
    assert.match(hints(await checkBend(far)), /^the loss at t = 0\.00 is not finite/);
  });

  it('cost no tensors', async () => {
    const live = tf.memory().numTensors;
    await answer(fitted, 1, 0.5);
    assert.equal(tf.memory().numTensors, live);
  });
});
