import { isWhole } from '../data/loader';
import type { Figures } from '../engine';
import { requireInteger } from '../errors';
import { crossEntropy, lossNameOf, requireLossFunction } from '../nn';
import { batchesOf } from './identity';
import type { HistoryRow, TrainOptions } from './options';
import { type Model, performEpoch } from './performEpoch';
import { runEpochs } from './runEpochs';

/**
 * Trains a model for `epochs` epochs and returns its history, one row an epoch. Stopped by its
 * signal, and started again with the same checkpoint, it ends at the same weights, bit for bit, as
 * if it had never stopped: the loader's order is a function of seed and epoch, and the checkpoint
 * holds the optimizer's state. So it does when it is asked for more epochs than before.
 *
 * @param model is trained in place: `model.weights` is replaced, and what was there disposed
 * @param options the loader, the optimizer, the number of epochs, and more
 * @throws InputError on bad options, when the checkpoint is of another training, or, before it begins,
 *   when there is no room for one
 * @example
 * ```ts
 * const model = { network, weights: clone(w1) };
 * const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
 * const history = await train(model, { loader, optimizer, epochs: 2 });
 * history.map(({ epoch }) => epoch); // → [ 1, 2 ]
 * optimizer.dispose();
 * disposeStateDict(model.weights);
 * ```
 */
export async function train(model: Model, options: TrainOptions): Promise<HistoryRow[]> {
  const { loader, optimizer, epochs, schedule, testLoader, checkpoint, onEpoch } = options;
  const { lossFunction = crossEntropy, settings, ...epochOptions } = options;
  requireInteger('train', 'epochs', epochs, 1);
  requireLossFunction('train', options);
  const lossName = lossNameOf(lossFunction);
  const { network, weights } = model;
  const run = { network, loader, optimizer, epochs, schedule, lossFunction, settings };
  const more = {
    weights,
    test: testLoader?.dataset,
    ...(testLoader && !isWhole(testLoader) && { testBatches: batchesOf(testLoader) }),
  };
  const place =
    checkpoint === undefined
      ? undefined
      : ({ path: checkpoint, where: 'train', kind: 'training' } as const);
  return await runEpochs<HistoryRow>(
    { ...run, point: model, place, more },
    async (epoch) => {
      if (testLoader !== undefined) testLoader.epoch = epoch;
      const seen = await performEpoch(model, loader, lossFunction, optimizer, epochOptions);
      const test =
        testLoader &&
        (await performEpoch(model, testLoader, lossFunction, undefined, epochOptions));
      const row = historyRow(epoch + 1, optimizer.learningRate, seen, test);
      return lossName === undefined ? row : { ...row, lossName };
    },
    (row) => onEpoch?.(row),
  );
}

function historyRow(epoch: number, learningRate: number, seen: Figures, test?: Figures) {
  const row = { epoch, learningRate, trainLoss: seen.loss, trainAcc: seen.accuracy };
  return test === undefined ? row : { ...row, testLoss: test.loss, testAcc: test.accuracy };
}
