import { existsSync, readFileSync } from 'node:fs';
import { writeAtomically } from '../files';
import type { Network } from '../nn';
import { type HistoryRow, train } from '../training';
import { clone, disposeStateDict, type StateDict } from '../weights';
import { type ForkOptions, trainingOf } from './forkOptions';

/** A training as it is after an epoch: weights, and what the optimizer remembers. */
export interface State {
  readonly epoch: number;
  readonly weights: StateDict;
  readonly memory: StateDict;
}

/**
 * The parent's state at each fork, in their order. It is trained once; with files it is a training as
 * long as to each fork, which goes on from that of the fork before, so each state is found again.
 */
export async function parentStates(
  network: Network,
  weights: StateDict,
  { at, loader, optimizer, seeds, checkpoint, ...options }: ForkOptions,
  told: (done: number) => void,
): Promise<State[]> {
  const states: State[] = [];
  const forks = [...new Set(at)].sort((a, b) => a - b);
  const legs = checkpoint ? forks.filter((epoch) => epoch > 0) : [Math.max(...forks, 0)];
  const run = { ...trainingOf(options), loader: loader(seeds[0]) };
  let before: string | undefined;
  try {
    if (forks[0] === 0) states.push({ epoch: 0, weights: clone(weights), memory: {} });
    for (const epochs of legs.filter((epoch) => epoch > 0)) {
      const file = checkpoint?.(epochs);
      if (file && before && !existsSync(file)) writeAtomically(file, readFileSync(before));
      before = file;
      const own = optimizer();
      const model = { network, weights: clone(weights) };
      const keep = (epoch: number) =>
        states.push({ epoch, weights: clone(model.weights), memory: own.state() });
      const onEpoch = ({ epoch }: HistoryRow) => {
        told(epoch);
        if (file === undefined && forks.includes(epoch)) keep(epoch);
      };
      try {
        await train(model, {
          ...run,
          optimizer: own,
          epochs,
          onEpoch,
          ...(file && { checkpoint: file }),
        });
        if (file !== undefined) keep(epochs);
      } finally {
        own.dispose();
        disposeStateDict(model.weights);
      }
      told(epochs);
    }
    return states;
  } catch (error) {
    for (const state of states) disposeStateDict(state.weights, state.memory);
    throw error;
  }
}
