import assert from 'node:assert/strict';
import { checkLines, type EndsOfModes, type EvaluateOnLine } from '../../lib/checks';
import { toleranceOf } from '../../lib/checks/mistakes';
import { useBackend } from '../../lib/engine';
import { evaluatePath, line, type PathFigures } from '../../lib/paths';
import { toyDataset, toyNetwork } from '../toy';
import { hints, notHolding, onlyStubs, stub } from './checked';
import { ends } from './ends';
import { datasets } from './toyTraining';

describe('checkLines', () => {
  before(() => useBackend());

  const onLine: EvaluateOnLine = (a, b, ts) => evaluatePath(toyNetwork, line(a, b), ts, datasets);

  it('hold; also from the other minimum', async () => {
    const asked: number[][] = [];
    const right = await checkLines(toyNetwork, datasets, ends, (a, b, ts) => {
      asked.push([...ts]);
      return onLine(a, b, ts);
    });
    assert.deepEqual(notHolding(right), []);
    const [first, second] = asked as [number[], number[]];
    assert.equal(asked.length, 2, 'each line once');
    assert.ok(first.includes(0) && first.includes(1) && first.some((t) => t > 1 && t < 2));
    for (const ts of [first, second]) assert.notDeepEqual(ts, [...ts].sort(), 'in no order');
    const others: EndsOfModes = ([m1, m2], [i1, i2]) => ends([m2!, m1!], [i2!, i1!]);
    assert.deepEqual(notHolding(await checkLines(toyNetwork, datasets, others, onLine)), []);
  });

  it('hold of a test set that is full batches, and tell points that were not given', async () => {
    const whole = { train: datasets.train, test: toyDataset(256, 3) };
    const onWhole: EvaluateOnLine = (a, b, ts) => evaluatePath(toyNetwork, line(a, b), ts, whole);
    assert.deepEqual(notHolding(await checkLines(toyNetwork, whole, ends, onWhole)), []);
    const foreign: EndsOfModes = ([m1], inits) => ends([m1!, { ...m1!, more: m1!.bias! }], inits);
    const check = await checkLines(toyNetwork, datasets, foreign, onLine);
    assert.match(
      hints(check),
      /^t = 1 is minimum 1 and t = 0 is none of the points given \(the check/,
    );
    const half = (() => ({ linear_combination_of_two_minima: [] })) as unknown as EndsOfModes;
    assert.match(
      hints(await checkLines(toyNetwork, datasets, half, onLine)),
      /^t = 1 is none of the points given .* and t = 0 is none of the points given/,
    );
    const one = { absolute: 1.5 / 300 + 3e-5, relative: 0 };
    assert.deepEqual(toleranceOf('trainAcc', datasets), one);
    assert.deepEqual(toleranceOf('testAcc', datasets), { ...one, absolute: 1.5 / 200 + 3e-5 });
  });

  it('hold of typed arrays, as tfjs gives them', async () => {
    const typed: EvaluateOnLine = async (a, b, ts) => {
      const { trainLoss, trainAcc, testLoss, testAcc } = await onLine(a, b, ts);
      const lists = {
        trainLoss: Float32Array.from(trainLoss),
        trainAcc: Float64Array.from(trainAcc),
        testLoss: Float32Array.from(testLoss),
        testAcc: Float32Array.from(testAcc),
      };
      return { ts, ...lists } as unknown as PathFigures;
    };
    assert.deepEqual(notHolding(await checkLines(toyNetwork, datasets, ends, typed)), []);
    const short: EvaluateOnLine = async (a, b, ts) => {
      const right = await onLine(a, b, ts);
      return { ...right, trainLoss: Float32Array.of(1) as unknown as number[] };
    };
    const check = await checkLines(toyNetwork, datasets, ends, short);
    assert.match(hints(check), /expected 4 numbers, got 1/);
  });

  it('say of stubs that they are none yet, each by itself', async () => {
    onlyStubs(await checkLines(toyNetwork, datasets, stub, stub));
    assert.deepEqual(
      notHolding(await checkLines(toyNetwork, datasets, ends, stub)).map((what) =>
        what.slice(0, 9),
      ),
      ['the train', 'the test ', 'the train', 'the test '],
    );
  });

  it('tells which figures they are, or where they part', async () => {
    const hintsOf = async (wrong: EvaluateOnLine) =>
      hints(await checkLines(toyNetwork, datasets, ends, wrong));
    assert.match(
      await hintsOf((a, b, ts) => onLine(b, a, ts)),
      /these are the train losses at 1 − t: which end belongs to t = 0\?/,
    );
    assert.match(
      await hintsOf(async (a, b, ts) => {
        const right = await onLine(a, b, ts);
        return { ...right, trainLoss: right.trainAcc, testLoss: right.trainLoss };
      }),
      /these are the train accuracies\nthese are the train losses/,
    );
    assert.match(
      await hintsOf(async (a, b, ts) => {
        const right = await onLine(a, b, ts);
        return { ...right, trainLoss: right.trainLoss.map((x, i) => (i === 0 ? x + 1 : x)) };
      }),
      /at t = 0\.3 you have [\d.]+, the network there has [\d.]+/,
    );
    assert.match(
      await hintsOf(async (a, b, ts) => ({ ...(await onLine(a, b, ts)), testAcc: [] })),
      /expected 4 numbers, got 0/,
    );
    assert.match(
      await hintsOf(async (a, b, ts) => {
        const right = await onLine(a, b, ts);
        return ts.length === 4 ? right : { ...right, trainLoss: right.trainLoss.map((x) => x + 1) };
      }),
      /^on a second line, at t = /m,
    );
    const swapped: EndsOfModes = (m, [i1, i2]) => ends(m, [i2!, i1!]);
    const check = await checkLines(toyNetwork, datasets, swapped, onLine);
    assert.equal(notHolding(check).length, 2);
    assert.match(hints(check), /t = 1 is minimum 1 and t = 0 is initialisation 2/);
  });
});
