import assert from 'node:assert/strict';
import { checkMeasures, checkNetworks, type MeasurePair } from '../../lib/checks';
import { ClassifierFC, type Network, sequential } from '../../lib/nn';
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

  it('counts layers with weights, and the neurons of hidden ones', async () => {
    const of = (hiddenDim: number, numHidden: number) =>
      ClassifierFC({ ...image, hiddenDim, numHidden, nonlinearity: 'relu' });
    const hintsOf = async (networks: Record<string, Network>, beside = baseline) =>
      (await checkNetworks(beside, () => networks)).findings.map(({ hint }) => hint);
    const [, , deeper, wider] = await hintsOf({ narrow: of(32, 1) });
    assert.equal(deeper, 'none has more than 1 hidden layer');
    assert.equal(wider, 'none has more than 64 neurons in a layer');
    const dense = (inputs: number, outputs: number) =>
      ({ kind: 'dense', inputs, outputs }) as const;
    const ends = [{ kind: 'flatten' }, dense(784, 80)] as const;
    const dropout = { kind: 'dropout', rate: 0.5 } as const;
    const linear = sequential([1, 28, 28], [...ends, dense(80, 10)]);
    const dropping = sequential(
      [1, 28, 28],
      [...ends, { kind: 'relu' }, dropout, dropout, dense(80, 10)],
    );
    for (const network of [linear, dropping]) {
      const [, , deeper, wider] = await hintsOf({ network });
      assert.deepEqual([deeper, wider], ['none has more than 1 hidden layer', undefined]);
    }
    const [, , , asWide] = await hintsOf({ asWide: of(64, 3) });
    assert.equal(asWide, 'none has more than 64 neurons in a layer');
    // The ten outputs are no hidden neurons.
    const [, , , besideFour] = await hintsOf({ eight: of(8, 1) }, of(4, 1));
    assert.equal(besideFour, undefined);
    // The first layer may be a hidden one, and there may be none.
    const first = sequential([4], [dense(4, 8), { kind: 'relu' }, dense(8, 2)]);
    for (const [beside, neurons] of [
      [first, 8],
      [sequential([4], [dense(4, 2)]), 0],
    ] as const) {
      const [, , , wider] = await hintsOf({}, beside);
      assert.equal(wider, `none has more than ${neurons} neurons in a layer`);
    }
    // Of either change there is one without the other.
    const both = of(80, 3);
    for (const other of [of(32, 3), of(80, 1)]) {
      const [, , deeper, wider] = await hintsOf({ both, other });
      assert.deepEqual([deeper, wider], [undefined, undefined]);
    }
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

  it('gives curves of two lengths, each with a middle', async () => {
    const asked: number[][] = [];
    await checkMeasures((ts) => {
      asked.push([...ts]);
      return {} as never;
    });
    assert.equal(asked.length, 2);
    assert.notEqual(asked[0]!.length, asked[1]!.length);
    for (const ts of asked) assert.ok(ts.includes(0.5), String(ts));
  });
});
