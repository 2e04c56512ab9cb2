import assert from 'node:assert/strict';
import { checkBend } from '../../lib/checks';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { fitBend } from '../../lib/paths';
import { dot, linearCombination, norm, type StateDict, scale, subtract } from '../../lib/weights';
import { toyNetwork } from '../toy';
import { hints, notHolding, onlyStubs } from './checked';
import { sureOf } from './sureOf';
import { datasets, trained } from './toyTraining';

describe('checkBend: a bend', () => {
  let w1: StateDict;
  let w2: StateDict;
  before(async () => {
    await useBackend();
    w1 = await trained(scale(4, initialize(toyNetwork, 1)));
    w2 = await trained(scale(4, initialize(toyNetwork, 2)));
  });
  const answer = (theta: StateDict, share: number, leastAccuracy: number) =>
    checkBend({
      task: '2.2',
      network: toyNetwork,
      w1,
      w2,
      theta,
      train: datasets.train,
      share,
      leastAccuracy,
    });

  it('is unanswered at the midpoint', async () => {
    onlyStubs(await answer(linearCombination([0.5, 0.5], [w1, w2]), 0.1, 0.9));
  });

  it('holds when low; tells a θ on the line, a ridge, a NaN', async () => {
    const { theta } = await fitBend(toyNetwork, w1, w2, {
      loader: dataLoader(datasets.train, { batchSize: 20, shuffle: 1 }),
      optimizer: SGD({ learningRate: 0.1, momentum: 0.9 }),
      epochs: 20,
      seed: 3,
    });
    assert.deepEqual(notHolding(await answer(theta, 0.5, 0.9)), []);
    const high = await answer(scale(-3, theta), 0.01, 0.99);
    assert.match(
      hints(high),
      /the chain rises by [\d.e+]+ nats over its ends, highest at t = 0\.\d+/,
    );
    assert.match(hints(high), /at t = 0\.\d+ it has [\d.]+ %/);
    const on = await answer(linearCombination([0.4, 0.6], [w1, w2]), 1, 0);
    assert.match(hints(on), /of \|w₂ − w₁\| away from it: did the steps reach θ/);
    // 0.005·|u| off it, at a right angle.
    const [u, any] = [subtract(w2, w1), initialize(toyNetwork, 9)];
    const off = linearCombination([1, -dot(u, any) / dot(u, u)], [any, u]);
    const near = linearCombination([0.4, 0.6, (0.005 * norm(u)) / norm(off)], [w1, w2, off]);
    assert.match(hints(await answer(near, 1, 0)), /it is 0\.0050 of \|w₂ − w₁\| away from it/);
    assert.match(hints(await answer(scale(Number.NaN, theta), 1, 0)), /of θ are not finite/);
    assert.match(
      hints(await answer(scale(1e30, theta), 1, 0)),
      /the loss at t = 0\.05 is not finite, so far out has θ gone: the fit diverged/,
    );
    const promised = answer(Promise.resolve(theta) as unknown as StateDict, 1, 0);
    assert.match(hints(await promised), /θ: it is a promise: is an await missing\?/);
    const uphill = hints(await answer(scale(-3, theta), 1, 0));
    assert.match(uphill, /it has, and climbed: the chain rises by [\d.e+]+ nats, the line by/);
  });

  it('gives nothing for a θ that went astray, nor between ends that are no minima', async () => {
    const middle = linearCombination([0.5, 0.5], [w1, w2]);
    const astray = linearCombination([1, 1], [middle, scale(4, initialize(toyNetwork, 9))]);
    const check = await answer(astray, 0.1, 0.05);
    assert.match(
      hints(check),
      /it has, and climbed: the chain rises by 2\.1 nats, the line by 0\.98/,
    );
    const [x, y] = [1, 2].map((seed) => initialize(toyNetwork, seed)) as [StateDict, StateDict];
    const untrained = await checkBend({
      ...{ task: '2.2', network: toyNetwork, w1: x, w2: y, theta: w1 },
      ...{ train: datasets.train, share: 1, leastAccuracy: 0.9 },
    });
    assert.equal(notHolding(untrained).length, 3);
    assert.match(hints(untrained), /w₁ is no minimum, it has [\d.]+ % train accuracy/);
  });

  it('wants two nets, with a ridge between them', async () => {
    const twin = scale(1.01, w1);
    const off = linearCombination([0.5, 0.5, 0.1], [w1, twin, initialize(toyNetwork, 9)]);
    const bend = { task: '2.2', network: toyNetwork, w1, w2: twin, theta: off };
    const check = await checkBend({
      ...bend,
      train: datasets.train,
      share: 1,
      leastAccuracy: 0,
    });
    assert.match(hints(check), /the line itself rises by .* nats only, so there is no ridge/);
  });

  it('says of losses that are 0 all along that there is no ridge, and not that they climb', async () => {
    const train = { ...datasets.train, labels: datasets.train.labels.map(() => 0) };
    const nets = [1, 2, 3].map((seed) => sureOf(initialize(toyNetwork, seed)));
    const [w1, w2, theta] = nets as [StateDict, StateDict, StateDict];
    const bend = { task: '2.2', network: toyNetwork, w1, w2, theta, train };
    const { findings } = await checkBend({ ...bend, share: 0.1, leastAccuracy: 1 });
    assert.deepEqual(
      findings.map(({ hint = 'holds' }) => hint.replace(/, so there is no.*/, '')),
      ['holds', 'the line itself rises by 0.0 nats only', 'holds'],
    );
  });
});
