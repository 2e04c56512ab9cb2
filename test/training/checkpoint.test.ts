import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize, labelSmoothing } from '../../lib/nn';
import { Adam, cosineAnnealingLR, type Optimizer, SGD, stepLR } from '../../lib/optim';
import { fitBend } from '../../lib/paths';
import { type Model, type TrainOptions, train } from '../../lib/training';
import { equal, type StateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

const dataset = toyDataset(60, 1);
const loaderOf = (more = {}) => dataLoader(dataset, { batchSize: 16, shuffle: 5, ...more });
const folder = temporaryFolder();
before(() => useBackend());

describe('a checkpoint of a training', () => {
  const newModel = (): Model => ({ network: toyNetwork, weights: initialize(toyNetwork, 1) });
  const options = (epochs: number, more: Partial<TrainOptions> = {}): TrainOptions => ({
    loader: loaderOf(),
    optimizer: SGD({ learningRate: 0.3, momentum: 0.9 }),
    epochs,
    ...more,
  });

  const meaningful = {
    'a constant rate': undefined,
    'a schedule of its own number': cosineAnnealingLR({ epochs: 9 }),
    'steps at epochs': stepLR({ stepSize: 2, gamma: 0.5 }),
  };
  for (const [name, schedule] of Object.entries(meaningful)) {
    it(`takes more epochs, bit for bit as in one go: ${name}`, async () => {
      const more = schedule === undefined ? {} : { schedule };
      const straight = newModel();
      const whole = await train(straight, options(6, more));
      const checkpoint = join(folder, `${name}.safetensors`);
      await train(newModel(), options(3, { ...more, checkpoint }));
      const extended = newModel();
      const seen: number[] = [];
      const onEpoch = ({ epoch }: { epoch: number }) => seen.push(epoch);
      const history = await train(extended, options(6, { ...more, checkpoint, onEpoch }));
      assert.deepEqual(seen, [4, 5, 6], 'three epochs are not done twice');
      assert.deepEqual(history, whole);
      assert.ok(equal(extended.weights, straight.weights));
      // It is one of six epochs now.
      await assert.rejects(
        train(newModel(), options(3, { ...more, checkpoint })),
        /^InputError: train: .* has 6 epochs of this training already, more than the 3 asked for; ask/,
      );
    });
  }

  it('takes no more where the rates depend on the number, and says so', async () => {
    const checkpoint = join(folder, 'cosine.safetensors');
    const of = (epochs: number) =>
      options(epochs, { checkpoint, schedule: cosineAnnealingLR({ epochs }) });
    await train(newModel(), of(4));
    await assert.rejects(train(newModel(), of(8)), {
      name: 'InputError',
      message:
        /is of another training, which differs in: epochs 4, now 8, on which the schedule depends; name/,
    });
    assert.equal((await train(newModel(), of(4))).length, 4, 'it is left alone');
  });

  it('of the form before is read, and taken further', async () => {
    // older.safetensors: these two epochs by the code of 26 November 2026, before bends were kept.
    const checkpoint = join(folder, 'older.safetensors');
    copyFileSync(join(__dirname, 'fixtures', 'older.safetensors'), checkpoint);
    const [straight, resumed] = [newModel(), newModel()];
    const whole = await train(straight, options(3));
    assert.deepEqual(await train(resumed, options(3, { checkpoint })), whole);
    assert.ok(equal(resumed.weights, straight.weights));
  });

  it('is told apart by a loss’s number and an augmentation’s seed', async () => {
    const checkpoint = join(folder, 'loss.safetensors');
    const augmentation = { padding: 1, flip: true, seed: 1 };
    const of = (amount: number, seed: number) =>
      options(2, {
        checkpoint,
        lossFunction: labelSmoothing(amount),
        loader: loaderOf({ augmentation: { ...augmentation, seed } }),
      });
    await train(newModel(), of(0.1, 1));
    const refused: [TrainOptions, RegExp][] = [
      [of(0.2, 1), /in: loss labelSmoothing\(0\.1\), now labelSmoothing\(0\.2\); name/],
      [of(0.1, 2), /in: batches\.augmentation\.seed 1, now 2; name/],
      [{ ...of(0.1, 1), loader: loaderOf() }, /in: batches\.augmentation/],
    ];
    for (const [other, message] of refused) {
      await assert.rejects(train(newModel(), other), message);
    }
    assert.equal((await train(newModel(), of(0.1, 1))).length, 2);
  });
});

describe('a checkpoint of a bend', () => {
  const [w1, w2] = [1, 2].map((seed) => () => initialize(toyNetwork, seed)) as [
    () => StateDict,
    () => StateDict,
  ];
  const options = (optimizer: Optimizer, epochs = 5) => ({
    loader: loaderOf(),
    optimizer,
    epochs,
    seed: 3,
    schedule: cosineAnnealingLR({ epochs: 5 }),
  });

  for (const maker of [SGD, Adam]) {
    it(`${maker.name}: stopped and resumed, the fit ends as without the stop, bit for bit`, async () => {
      const fresh = () => maker({ learningRate: 0.05 });
      const straight = await fitBend(toyNetwork, w1(), w2(), options(fresh()));
      const checkpoint = join(folder, `bend ${maker.name}.safetensors`);
      const controller = new AbortController();
      const stopped = fitBend(toyNetwork, w1(), w2(), {
        ...options(fresh()),
        checkpoint,
        signal: controller.signal,
        onEpoch: (epoch) => {
          if (epoch === 2) controller.abort();
        },
      });
      await assert.rejects(stopped, { name: 'AbortError' });
      copyFileSync(checkpoint, join(folder, 'two.safetensors'));
      const seen: number[] = [];
      const onEpoch = (epoch: number) => seen.push(epoch);
      const own = { ...options(fresh()), checkpoint, onEpoch };
      const resumed = await fitBend(toyNetwork, w1(), w2(), own);
      assert.deepEqual(seen, [3, 4, 5]);
      assert.deepEqual(resumed.history, straight.history);
      assert.ok(equal(resumed.theta, straight.theta));
      const again = await fitBend(toyNetwork, w1(), w2(), { ...options(fresh()), checkpoint });
      assert.ok(equal(again.theta, straight.theta), 'one that is done is taken as it is');
    });
  }

  it('is refused where anything else differs, which is said in one line', async () => {
    const checkpoint = join(folder, 'bend.safetensors');
    const sgd = () => SGD({ learningRate: 0.05 });
    const of = (more = {}) => ({ ...options(sgd(), 2), checkpoint, ...more });
    const bendOf = (more = {}, a = w1(), b = w2()) => fitBend(toyNetwork, a, b, of(more));
    await bendOf();
    const others: [string, () => Promise<unknown>][] = [
      ['seed 3, now 4', () => bendOf({ seed: 4 })],
      ['w1', () => bendOf({}, initialize(toyNetwork, 5))],
      ['w2', () => bendOf({}, w1(), initialize(toyNetwork, 5))],
      ['learningRate 0.05, now 0.1', () => bendOf({ optimizer: SGD({ learningRate: 0.1 }) })],
      [
        'batches.batchSize 16, now 10; batches.batches 4, now 6',
        () => bendOf({ loader: loaderOf({ batchSize: 10 }) }),
      ],
      ['batches.shuffle 5, now 6', () => bendOf({ loader: loaderOf({ shuffle: 6 }) })],
      ['loss', () => bendOf({ lossFunction: labelSmoothing(0.1) })],
      ['settings.who', () => bendOf({ settings: { who: 'me' } })],
    ];
    for (const [difference, other] of others) {
      await assert.rejects(other(), (error: Error) => {
        const { message } = error;
        assert.ok(message.startsWith('fitBend: '), message);
        assert.ok(message.includes(`is of another bend, which differs in: ${difference}`), message);
        return true;
      });
    }
    assert.equal((await bendOf()).history.length, 2);
    await assert.rejects(
      train({ network: toyNetwork, weights: w1() }, { ...of(), epochs: 2 }),
      /train: .*bend\.safetensors is no checkpoint of a training; name another/,
    );
  });

  it('leaves no tensors where it is refused', async () => {
    const tf = await import('@tensorflow/tfjs');
    const checkpoint = join(folder, 'bend.safetensors');
    const [a, b] = [w1(), w2()];
    const optimizer = SGD({ learningRate: 0.05 });
    const before = tf.memory().numTensors;
    const wrong = { ...options(optimizer, 2), checkpoint, seed: 9 };
    await assert.rejects(fitBend(toyNetwork, a, b, wrong), /seed 3, now 9/);
    assert.equal(tf.memory().numTensors, before);
  });
});
