import { dirname } from 'node:path';
import type { Figures } from '../engine';
import { requireInteger } from '../errors';
import { requireRoom } from '../files';
import { crossEntropy } from '../nn';
import { resume, save, trainingOf } from './checkpoint';
import type { HistoryRow, TrainOptions } from './options';
import { type Model, performEpoch } from './performEpoch';

/**
 * Trains a model for `epochs` epochs and returns its history, one row an epoch. Stopped by its
 * signal, and started again with the same checkpoint, it ends at the same weights, bit for bit, as
 * if it had never stopped: the loader's order is a function of seed and epoch, and the checkpoint
 * holds the optimizer's state.
 *
 * @param model is trained in place: `model.weights` is replaced, and what was there disposed
 * @param options the loader, the optimizer, the number of epochs, and more
 * @throws InputError on bad options, when the checkpoint is of other settings, or, before it begins,
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
  const { lossFunction = crossEntropy, ...epochOptions } = options;
  requireInteger('train', 'epochs', epochs, 1);
  if (checkpoint !== undefined) requireRoom(dirname(checkpoint));
  const from = checkpoint === undefined ? null : trainingOf(model, options);
  const history = checkpoint === undefined ? [] : resume(checkpoint, from, model, optimizer);
  const baseRate = optimizer.learningRate;
  try {
    for (let epoch = history.length; epoch < epochs; epoch++) {
      loader.epoch = epoch;
      if (testLoader !== undefined) testLoader.epoch = epoch;
      optimizer.learningRate = baseRate * (schedule?.(epoch) ?? 1);
      const seen = await performEpoch(model, loader, lossFunction, optimizer, epochOptions);
      const test =
        testLoader &&
        (await performEpoch(model, testLoader, lossFunction, undefined, epochOptions));
      const row = historyRow(epoch + 1, optimizer.learningRate, seen, test);
      history.push(row);
      if (checkpoint !== undefined) save(checkpoint, from, model, optimizer, history);
      onEpoch?.(row);
    }
  } finally {
    optimizer.learningRate = baseRate;
  }
  return history;
}

function historyRow(epoch: number, learningRate: number, seen: Figures, test?: Figures) {
  const row = { epoch, learningRate, trainLoss: seen.loss, trainAcc: seen.accuracy };
  return test === undefined ? row : { ...row, testLoss: test.loss, testAcc: test.accuracy };
}
