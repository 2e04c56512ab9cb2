import { dirname } from 'node:path';
import { requireRoom } from '../files';
import { type Place, type Point, resume, save } from './checkpoint';
import { identityOf, type Run } from './identity';
import { type ToldEpoch, telling } from './telling';

/** A run of epochs, and where it is kept. */
export interface KeptRun extends Run {
  readonly point: Point;
  /** Where it is kept, if anywhere, and what else its end depends on. */
  readonly place: Place | undefined;
  readonly more: Readonly<Record<string, unknown>>;
}

/**
 * Carries out the epochs that a run lacks, at the schedule's rates and in the loader's orders, and
 * keeps it after each; its whole history. The optimizer has its own rate again in the end.
 *
 * @param perform an epoch, counted from 0, which moves the point
 * @throws InputError when the checkpoint is of another run, or there is no room for one
 */
export async function runEpochs<Row>(
  run: KeptRun,
  perform: (epoch: number) => Promise<Row>,
  onEpoch: (row: Row, epoch: number) => void,
): Promise<Row[]> {
  const { point, loader, optimizer, epochs, schedule, place } = run;
  if (place !== undefined) requireRoom(dirname(place.path));
  const from = place && identityOf(place.where, run, run.more);
  const history = (place && from ? resume(place, from, point, optimizer) : []) as Row[];
  const baseRate = optimizer.learningRate;
  try {
    for (let epoch = history.length; epoch < epochs; epoch++) {
      loader.epoch = epoch;
      optimizer.learningRate = baseRate * (schedule === undefined ? 1 : schedule(epoch));
      const row = await perform(epoch);
      history.push(row);
      if (place && from) save(place, from, point, optimizer, history);
      telling({ epoch: epoch + 1, run: history, ...figuresOf(row) }, () => onEpoch(row, epoch));
    }
  } finally {
    optimizer.learningRate = baseRate;
  }
  return history;
}

/** A row of a training or of a bend, as curves are drawn of it. */
function figuresOf(row: unknown): Omit<ToldEpoch, 'epoch'> {
  const {
    trainLoss,
    trainAcc,
    loss = trainLoss,
    accuracy = trainAcc,
  } = row as Record<'trainLoss' | 'trainAcc' | 'loss' | 'accuracy', number>;
  return { loss, accuracy };
}
