import type { HistoryRow } from '../training';
import { clone, disposeStateDict, type StateDict } from '../weights';
import { trace } from './trace';

/** Trains a net from an init, telling each epoch; gives the weights. */
export type TrainOnce = (
  init: StateDict,
  seed: number,
  report: (row: HistoryRow) => void,
) => Promise<StateDict>;

/**
 * Standard deviations that the correlation with an init is above 0. Of a training's own init,
 * with SGD, Adam and AdamW, at high rates and with decay: 8 and more; of another: 3 at most.
 */
const TRACE = 5;
/** Of the loss of a first epoch; one that begins at a minimum has less than a third of it. */
const AS_ANEW = 0.8;
/** A seed that no notebook has, of which an init of its own would be drawn. */
const SEED = 90125;

/** Whether weights have a trace of an init in them, as training leaves one. */
export function comesFrom(init: StateDict, weights: StateDict): boolean {
  return trace(weights, init) > TRACE;
}

/**
 * Whether a training that begins at a minimum goes as one that begins anew: its loss in the first
 * epoch, after which it is stopped, or what it returns where it reports none. Nothing is said of
 * one that throws.
 */
export async function ignoresInit(
  trainOnce: TrainOnce,
  { init, weights }: { readonly init: StateDict; readonly weights: StateDict },
): Promise<boolean> {
  const after = await firstEpoch(trainOnce, weights);
  if (after === undefined) return false;
  if (typeof after !== 'number') {
    const follows = comesFrom(weights, after);
    disposeStateDict(after);
    return !follows;
  }
  const anew = await firstEpoch(trainOnce, init);
  return typeof anew === 'number' && after > AS_ANEW * anew;
}

async function firstEpoch(
  trainOnce: TrainOnce,
  init: StateDict,
): Promise<number | StateDict | undefined> {
  const given = clone(init);
  const losses: number[] = [];
  let weights: StateDict | undefined;
  try {
    weights = await trainOnce(given, SEED, ({ trainLoss }) => {
      losses.push(Number(trainLoss));
      throw new Error('one epoch is enough for the check');
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'Interrupted') throw error;
  } finally {
    disposeStateDict(given);
  }
  return losses.length > 0 ? losses[0] : weights;
}
