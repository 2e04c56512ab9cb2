import assert from 'node:assert/strict';
import { checkMeasures, checkNetworks, type MeasurePair } from '../../lib/checks';
import { ClassifierFC, sequential } from '../../lib/nn';
import { measurePath } from '../../lib/paths';
import { hints, notHolding, onlyStubs, stub } from './checked';

describe('checkNetworks and checkMeasures', () => {
  const image = { inputShape: [1, 28, 28], outputSize: 10 } as const;
  const baseline = ClassifierFC({ ...image, hiddenDim: 64, numHidden: 1, nonlinearity: 'relu' });
  const wide = ClassifierFC({ ...image, hiddenDim: 80, numHidden: 1, nonlinearity: 'sigmoid' });
  const deep = ClassifierFC({ ...image, hiddenDim: 32, numHidden: 3, nonlinearity: 'relu' });

  it('wants networks that are deeper, wider, and sigmoid', async () => {
    assert.deepEqual(notHolding(await checkNetworks(baseline, () => ({ wide, deep }))), []);
    assert.deepEqual(notHolding(await checkNetworks(baseline, () => ({ wide }))), [
      'one is deeper',
    ]);
    assert.match(
      hints(await checkNetworks(baseline, () => ({ deep }))),
      /more than 64 neurons in a layer\nnone has/,
    );
    const small = sequential([4], [{ kind: 'dense', inputs: 4, outputs: 2 }]);
    assert.match(hints(await checkNetworks(baseline, () => ({ small }))), /^small does not/);
    // One of both is enough.
    for (const change of [{ inputShape: [1, 14, 14] }, { outputSize: 9 }] as const) {
      const other = ClassifierFC({ ...image, hiddenDim: 64, ...change });
      assert.match(hints(await checkNetworks(baseline, () => ({ other }))), /^other does not/);
    }
    onlyStubs(await checkNetworks(baseline, stub));
    assert.equal(notHolding(await checkNetworks(baseline, () => ({}))).length, 5);
  });

  it('wants names of their own, and more than one network', async () => {
    const named = await checkNetworks(baseline, () => ({ wide, 'ReLU 1×64': deep }));
    assert.deepEqual(notHolding(named), ['every one has a name of its own', 'one is deeper']);
    assert.match(hints(named), /'ReLU 1×64' is the name of the baseline, which takes the place/);
    const twice = { wide, deep, 'ReLU 1×64': baseline };
    assert.deepEqual(notHolding(await checkNetworks(baseline, () => twice)), []);
    const all = ClassifierFC({ ...image, hiddenDim: 80, numHidden: 2, nonlinearity: 'sigmoid' });
    const alone = await checkNetworks(baseline, () => ({ all, again: all }));
    assert.deepEqual(notHolding(alone), ['another one is wider']);
    assert.match(hints(alone), /which of both made the difference\?/);
  });

  it('wants barrier (a), the highest point and the worst accuracy', async () => {
    const right: MeasurePair = (ts, segment, chain) => ({
      lineBarrier: measurePath(ts, segment.trainLoss).barrierA,
      chainMaximum: Math.max(...chain.trainLoss),
      worstTestAccOnChain: Math.min(...chain.testAcc),
    });
    assert.deepEqual(notHolding(await checkMeasures(right)), []);
    onlyStubs(await checkMeasures(stub));
    const wrong = await checkMeasures((_, segment, chain) => ({
      lineBarrier: Math.max(...segment.trainLoss),
      chainMaximum: Math.max(...chain.testLoss),
      worstTestAccOnChain: 0.12345,
    }));
    assert.match(
      hints(wrong),
      /^it is the raw maximum\nit is the largest test loss\non curves .* you have 0\.1235/,
    );
  });
});
