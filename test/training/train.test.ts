import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { type Batch, dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { crossEntropy, initialize, type LossFunction, labelSmoothing } from '../../lib/nn';
import { Adam, cosineAnnealingLR, SGD } from '../../lib/optim';
import { type Model, type TrainOptions, train } from '../../lib/training';
import { clone, equal, loadStateDict, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

describe('train', () => {
  const dataset = toyDataset(100, 1);
  const folder = temporaryFolder();
  const newModel = (): Model => ({ network: toyNetwork, weights: initialize(toyNetwork, 1) });
  const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
    loader: dataLoader(dataset, { batchSize: 16, shuffle: 5 }),
    optimizer: SGD({ learningRate: 0.3, momentum: 0.9 }),
    schedule: cosineAnnealingLR({ epochs: 20 }),
    epochs: 20,
    settings: { seed: 5 },
    ...more,
  });
  before(() => useBackend());

  it('keeps a history of falling losses under the schedule', async () => {
    const testLoader = dataLoader(toyDataset(50, 2), { batchSize: 50 });
    const history = await train(newModel(), options({ testLoader }));
    assert.deepEqual(
      history.map((row) => row.epoch),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.equal(history[0]!.learningRate, 0.3);
    assert.ok(history.at(-1)!.trainLoss < history[0]!.trainLoss / 2);
    assert.ok(history.every((row) => Number.isFinite(row.testLoss)));
  });

  for (const optimizer of [SGD, Adam]) {
    it(`${optimizer.name}: stopped and resumed it ends where it would have without the stop`, async () => {
      const fresh = () => optimizer({ learningRate: 0.05 });
      const straight = newModel();
      const history = await train(straight, options({ optimizer: fresh() }));
      const checkpoint = join(folder, `${optimizer.name}.safetensors`);
      const controller = new AbortController();
      const stopped = options({
        optimizer: fresh(),
        checkpoint,
        signal: controller.signal,
        onEpoch: ({ epoch }) => {
          if (epoch === 5) controller.abort();
        },
      });
      await assert.rejects(train(newModel(), stopped), { name: 'AbortError' });
      const resumed = newModel();
      const seen: number[] = [];
      const again = await train(
        resumed,
        options({ optimizer: fresh(), checkpoint, onEpoch: ({ epoch }) => seen.push(epoch) }),
      );
      assert.deepEqual(
        seen,
        Array.from({ length: 15 }, (_, i) => i + 6),
        'five epochs are not done twice',
      );
      assert.deepEqual(again, history);
      assert.ok(equal(resumed.weights, straight.weights));
    });
  }

  it('refuses a checkpoint of other settings and leaves it alone', async () => {
    const checkpoint = join(folder, 'other.safetensors');
    await train(newModel(), options({ checkpoint }));
    await assert.rejects(
      train(newModel(), options({ checkpoint, settings: { seed: 6 } })),
      /other\.safetensors is of another training, which differs in: settings\.seed 5, now 6; name/,
    );
    const whole = await train(newModel(), options({ checkpoint }));
    assert.equal(whole.length, 20);
    assert.ok(readdirSync(folder).every((name) => name.endsWith('.safetensors')));
  });

  it('refuses a checkpoint of any other training, and names what differs', async () => {
    const checkpoint = join(folder, 'any.safetensors');
    const settings = { rate: Number.NaN, cut: Number.POSITIVE_INFINITY, only: new Set([1]) };
    const own = (scale: number): LossFunction => {
      // Two losses of one text, as a closure is: told apart by what is said of them in settings.
      return (logits, y) => crossEntropy(logits, y).mul(scale);
    };
    const plain = () => dataLoader(dataset, { batchSize: 16, shuffle: 5 });
    function* halves(batches: Iterable<Batch>) {
      for (const batch of batches) yield { ...batch, x: batch.x.div<tf.Tensor4D>(2) };
    }
    const momentum = () => SGD({ learningRate: 0.3, momentum: 0.9 });
    await train(newModel(), options({ checkpoint, settings }));
    const others: [string, Partial<TrainOptions>, Model?][] = [
      ['weights', {}, { network: toyNetwork, weights: initialize(toyNetwork, 2) }],
      ['data', { loader: dataLoader(toyDataset(100, 2), { batchSize: 16, shuffle: 5 }) }],
      ['test', { testLoader: dataLoader(dataset, { batchSize: 50 }) }],
      ['batches', { loader: dataLoader(dataset, { batchSize: 20, shuffle: 5 }) }],
      ['shuffle 5, now 6', { loader: dataLoader(dataset, { batchSize: 16, shuffle: 6 }) }],
      ['batches', { loader: dataLoader(dataset, { batchSize: 16, shuffle: 5, drop: true }) }],
      ['learningRate', { optimizer: SGD({ learningRate: 0.2, momentum: 0.9 }) }],
      ['optimizer', { optimizer: SGD({ learningRate: 0.3, momentum: 0.8 }) }],
      ['optimizer', { optimizer: SGD({ learningRate: 0.3, momentum: 0.9, nesterov: true }) }],
      ['schedule', { schedule: cosineAnnealingLR({ epochs: 30 }) }],
      ['loss', { lossFunction: own(2) }],
      ['batches.functions', { loader: { ...plain(), [Symbol.iterator]: () => halves(plain()) } }],
      ['batches.functions', { loader: { ...plain(), nextOrder: () => new Uint32Array(100) } }],
      ['step', { optimizer: { ...momentum(), step: (weights) => clone(weights) } }],
      ['settings.rate', { settings: { ...settings, rate: Number.POSITIVE_INFINITY } }],
      ['settings.only', { settings: { ...settings, only: new Set([2]) } }],
      ['settings.only', { settings: { ...settings, only: new Map([[1, 1]]) } }],
    ];
    for (const [name, other, model = newModel()] of others) {
      const changed = options({ checkpoint, settings, ...other });
      await assert.rejects(train(model, changed), (error: Error) => {
        assert.match(error.message, /is of another training, which differs in: /);
        assert.ok(error.message.includes(name), `${name}: ${error.message}`);
        return true;
      });
    }
    const again = await train(newModel(), options({ checkpoint, settings: { ...settings } }));
    assert.equal(again.length, 20);
  });

  it('goes on from a checkpoint that keeps another text of cross-entropy', async () => {
    const checkpoint = join(folder, 'text.safetensors');
    const history = await train(newModel(), options({ checkpoint }));
    const { stateDict, metadata } = loadStateDict(checkpoint);
    const training = JSON.parse(metadata.training!);
    assert.equal(training.loss, 'crossEntropy', 'a change of its code is no other training');
    const keep = (text: string) => {
      const kept = { ...training, loss: { $function: text } };
      saveStateDict(checkpoint, stateDict, { ...metadata, training: JSON.stringify(kept) });
    };
    keep(String(crossEntropy).replace('labels.dataSync()', 'labels'));
    assert.deepEqual(await train(newModel(), options({ checkpoint })), history);
    keep('(logits, labels) => logits.mean()');
    await assert.rejects(train(newModel(), options({ checkpoint })), /differs in: loss; name/);
  });

  it('refuses a checkpoint whose test figures are of other batches', async () => {
    const checkpoint = join(folder, 'test.safetensors');
    const testLoader = dataLoader(dataset, { batchSize: 50 });
    await train(newModel(), options({ checkpoint, testLoader }));
    const half = options({ checkpoint, testLoader: { ...testLoader, length: 1 } });
    await assert.rejects(train(newModel(), half), /differs in: testBatches/);
  });

  it('keeps figures that are no numbers as they are', async () => {
    const checkpoint = join(folder, 'nan.safetensors');
    const lossFunction: LossFunction = (logits, y) => crossEntropy(logits, y).mul(Number.NaN);
    const history = await train(newModel(), options({ checkpoint, lossFunction }));
    assert.ok(Number.isNaN(history[0]!.trainLoss));
    assert.deepEqual(await train(newModel(), options({ checkpoint, lossFunction })), history);
  });

  it('says of a file that is no checkpoint that it is none', async () => {
    const checkpoint = join(folder, 'net.safetensors');
    for (const metadata of [{}, { training: 'three days', history: 'long' }]) {
      saveStateDict(checkpoint, initialize(toyNetwork, 1), metadata);
      await assert.rejects(
        train(newModel(), options({ checkpoint })),
        /^InputError: train: .*net\.safetensors is no checkpoint of a training; name another/,
      );
    }
  });

  it('trains nothing where its checkpoint cannot be kept', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const checkpoint = join(file, 'c.safetensors');
    const never = options({ checkpoint, onEpoch: () => assert.fail('an epoch ran') });
    await assert.rejects(train(newModel(), never), /^InputError: cannot write .*it is a file/);
    rmSync(file);
  });

  it('refuses a loss that is no function, and rates that are none', async () => {
    const wrong: [object, RegExp][] = [
      [
        { lossFunction: 'crossEntropy' },
        /^train: lossFunction must be a function .* got crossEntropy$/,
      ],
      [{ schedule: () => undefined }, /learningRate must be a finite number .* got NaN/],
    ];
    for (const [own, message] of wrong) {
      await assert.rejects(train(newModel(), options(own)), { name: 'InputError', message });
    }
  });

  it('refuses a number of epochs that is none', async () => {
    await assert.rejects(train(newModel(), options({ epochs: -3 })), /epochs .* got -3/);
  });

  it('refuses a loss under another name, and says in its rows which loss they are of', async () => {
    const loss = labelSmoothing(0.1);
    await assert.rejects(train(newModel(), { ...options(), loss } as TrainOptions), {
      name: 'InputError',
      message: "train: there is no option 'loss'; give the loss as lossFunction",
    });
    const model = newModel();
    const [row] = await train(model, options({ epochs: 1, lossFunction: loss }));
    assert.equal(row!.lossName, 'cross-entropy loss, labels smoothed by 0.1 (nats)');
    const [plain] = await train(model, options({ epochs: 1 }));
    assert.ok(!('lossName' in plain!));
  });
});
