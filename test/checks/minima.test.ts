import assert from 'node:assert/strict';
import { checkMinima } from '../../lib/checks';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { Adam, AdamW, SGD } from '../../lib/optim';
import { type HistoryRow, train } from '../../lib/training';
import { clone, type StateDict, scale } from '../../lib/weights';
import { toyNetwork } from '../toy';
import { hints, notHolding, onlyStubs, stub, verdicts } from './checked';
import { datasets, trained } from './toyTraining';

type TrainOnce = NonNullable<Parameters<typeof checkMinima>[0]['trainOnce']>;

describe('checkMinima: two minima', () => {
  before(() => useBackend());

  const answer = (inits: StateDict[], minima: StateDict[]) =>
    checkMinima({
      task: '1.1',
      network: toyNetwork,
      inits,
      minima,
      train: datasets.train,
      leastAccuracy: 0.9,
    });
  const inits = [1, 2].map((seed) => initialize(toyNetwork, seed));
  it('are unanswered while nothing has moved', async () => {
    onlyStubs(await answer(inits, inits.map(clone)));
    onlyStubs(await answer([], []));
  });

  it('hold when trained; tells what is missing', async () => {
    const minima = [await trained(inits[0]!), await trained(inits[1]!)];
    assert.deepEqual(notHolding(await answer(inits, minima)), []);
    const half = await answer(inits, [minima[0]!, inits[1]!]);
    assert.deepEqual(notHolding(half), [
      'two trainings began and ended at different points',
      'each began at the init of its own',
      'minimum 2 classifies 90 % of the training images correctly',
    ]);
    assert.match(hints(half), /still its initialisation/);
    const twice = await answer([inits[0]!, clone(inits[0]!)], [minima[0]!, clone(minima[0]!)]);
    assert.deepEqual(notHolding(twice), ['two trainings began and ended at different points']);
    const same = await answer(inits, [minima[0]!, clone(minima[0]!)]);
    assert.match(hints(same), /did each begin at the init it was given\?/);
    const worse = await answer(inits, [minima[0]!, scale(-1, minima[1]!)]);
    assert.match(hints(worse), /it misclassifies \d+ of 300 training images: is the learning rate/);
    const nan = await answer(inits, [minima[0]!, scale(Number.NaN, minima[1]!)]);
    assert.match(hints(nan), /not finite: did the loss diverge/);
    assert.match(hints(await answer(inits, minima.slice(0, 1))), /train twice, and keep both/);
  });

  it('come from their own inits, whatever the optimizer', async () => {
    const others = [7, 8].map((seed) => initialize(toyNetwork, seed));
    const [first, second, foreign] = [
      await trained(inits[0]!),
      await trained(inits[1]!, Adam({ learningRate: 0.02 })),
      await trained(others[0]!),
    ];
    assert.deepEqual(notHolding(await answer(inits, [first, second])), []);
    const decayed = await trained(inits[1]!, AdamW({ learningRate: 0.02, weightDecay: 0.2 }));
    assert.deepEqual(notHolding(await answer(inits, [first, decayed])), []);
    const exchanged = await answer(inits, [second, first]);
    assert.deepEqual(notHolding(exchanged), ['each began at the init of its own']);
    assert.match(hints(exchanged), /minimum 1 comes from init 2, and minimum 2 from init 1/);
    const ignored = await answer(inits, [first, foreign]);
    assert.deepEqual(notHolding(ignored), ['each began at the init of its own']);
    assert.match(hints(ignored), /minimum 2 has no trace of init 2 in it/);
  });

  it('are asked of the training itself, for one epoch from two places', async () => {
    const minima = [await trained(inits[0]!), await trained(inits[1]!)];
    let epochs = 0;
    const training =
      (from: (init: StateDict, seed: number) => StateDict, reporting = true): TrainOnce =>
      async (init, seed, report) => {
        const model = { network: toyNetwork, weights: from(init, seed) };
        const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
        const loader = dataLoader(datasets.train, { batchSize: 20, shuffle: seed });
        const onEpoch = (row: HistoryRow) => {
          epochs++;
          if (reporting) report(row);
        };
        await train(model, { loader, optimizer, epochs: 20, onEpoch });
        return model.weights;
      };
    const by = (trainOnce: TrainOnce) =>
      checkMinima({
        ...{ task: '1.1', network: toyNetwork, inits, minima, trainOnce },
        ...{ train: datasets.train, leastAccuracy: 0.9 },
      });
    const own = (_: StateDict, seed: number) => initialize(toyNetwork, seed);
    assert.deepEqual(notHolding(await by(training(clone))), []);
    assert.equal(epochs, 2);
    assert.deepEqual(notHolding(await by(training(clone, false))), []);
    for (const reporting of [true, false]) {
      const check = await by(training(own, reporting));
      assert.deepEqual(notHolding(check), ['each began at the init of its own']);
      assert.match(hints(check), /trainOnce learns as from any init/);
    }
    assert.deepEqual(notHolding(await by(stub)), [], 'nothing is said of one that throws');
  });

  it('says what is no point, and what diverged', async () => {
    const first = await trained(inits[0]!);
    const saying = async (second: unknown) => {
      const check = await answer(inits, [first, second as StateDict]);
      assert.equal(verdicts(check)[2], 'holds', 'the other one loses nothing');
      return check.findings.at(-1)!.hint ?? '';
    };
    const promised = hints(await answer(inits, [first, Promise.resolve(first) as never]));
    assert.match(promised, /it is a promise: is an await missing\?/);
    const arrays = Object.fromEntries(
      Object.entries(first).map(([name, tensor]) => [name, tensor.arraySync()]),
    );
    assert.match(
      hints(await answer(inits, [first, arrays as never])),
      /'layers\.1\.weight' should have shape \[12, 16\], got a list, which is no tensor/,
    );
    assert.match(await saying(scale(Number.NaN, first)), /not finite: did the loss diverge\?/);
    assert.match(await saying(clone(inits[1]!)), /does performEpoch get the optimizer\?/);
    const wild = await trained(inits[1]!, SGD({ learningRate: 50, momentum: 0.9 }));
    assert.match(
      await saying(wild),
      /its weights are [\de.+]+ times as long as at its init: the training diverged, try a smaller/,
    );
    const check = await checkMinima({
      ...{ task: '1.1', network: toyNetwork, inits, minima: [first, await trained(inits[1]!)] },
      ...{ train: { ...datasets.train, labels: datasets.train.labels.map((y) => 9 - y) } },
      ...{ test: datasets.train, leastAccuracy: 0.9 },
    });
    assert.match(hints(check), /and no test image: was it trained on the test set\?/);
  });

  it('earn nothing where the weights have moved, and learnt nothing', async () => {
    const moved = inits.map((init) => scale(1.01, init));
    const check = await answer(inits, moved);
    assert.equal(notHolding(check).length, 4);
    assert.match(hints(check), /no net has learnt much yet/);
  });
});
