import { InputError, requireInteger } from '../errors';
import type { Network } from '../nn';
import { line, type TrainDatasets } from '../paths';
import { requireSeed } from '../random';
import { sideBySide, train } from '../training';
import { clone, disposeStateDict, type StateDict } from '../weights';
import { type Barrier, type BarrierOptions, pathBarrier } from './barriers';
import { type ForkOptions, trainingOf } from './forkOptions';
import { parentStates, type State } from './parentStates';

/** Two networks that were one up to an epoch. */
export interface Fork {
  readonly epoch: number;
  readonly children: readonly [StateDict, StateDict];
}

/**
 * Trains a parent, and from its state after some epochs two children each, which see the batches in
 * orders of their own: instability analysis by Frankle et al. 2020 (arXiv 1912.05671). A child takes
 * over the weights, what the optimizer remembers, and the place in the schedule. The caller disposes
 * the children.
 *
 * @param network what is trained
 * @param weights the initialisation, which stays as it is
 * @param options the training, and the epochs at which children branch off
 * @throws InputError on an epoch that is none of the training's, on other than three seeds, and as `train`
 * @example
 * ```ts
 * const forks = await trainForks(network, w1, {
 *   at: [0, 2],
 *   epochs: 3,
 *   seeds: [1, 2, 3],
 *   loader: (seed) => dataLoader(small, { batchSize: 4, shuffle: seed }),
 *   optimizer: () => SGD({ learningRate: 0.1, momentum: 0.9 }),
 * });
 * (await forkBarriers(network, forks, { train: small })).map(({ epoch }) => epoch); // → [ 0, 2 ]
 * for (const { children } of forks) disposeStateDict(...children);
 * ```
 */
export async function trainForks(
  network: Network,
  weights: StateDict,
  options: ForkOptions,
): Promise<Fork[]> {
  const { at, epochs, seeds, atOnce } = options;
  requireInteger('trainForks', 'epochs', epochs, 1);
  if (!Array.isArray(seeds) || seeds.length !== 3) {
    throw new InputError(
      `trainForks: seeds must be those of the parent and of two children, got ${seeds}`,
    );
  }
  for (const seed of seeds) requireSeed('trainForks', 'seeds', seed);
  for (const epoch of at) {
    requireInteger('trainForks', 'at', epoch, 0);
    if (epoch < epochs) continue;
    throw new InputError(`trainForks: at must be below epochs, ${epochs}, got ${epoch}`);
  }
  const tell = tally(options);
  const states = await parentStates(network, weights, options, (done) => tell(0, done));
  const made: StateDict[] = [];
  try {
    const tasks = states.flatMap((state, i) =>
      [0, 1].map((child) => async () => {
        const told = (done: number) => tell(1 + 2 * i + child, done);
        const grown = await childOf(network, state, child, seeds[child + 1]!, options, told);
        made.push(grown);
        return grown;
      }),
    );
    const children = await sideBySide(tasks, atOnce === undefined ? {} : { atOnce });
    return states.map(({ epoch }, i) => ({
      epoch,
      children: [children[2 * i]!, children[2 * i + 1]!] as const,
    }));
  } catch (error) {
    disposeStateDict(...made);
    throw error;
  } finally {
    for (const state of states) disposeStateDict(state.weights, state.memory);
  }
}

/** Counts the epochs that the parent, training 0, and the children have done, and tells them. */
function tally({ at, epochs, onEpoch }: ForkOptions) {
  const total = at.reduce((sum, epoch) => sum + 2 * (epochs - epoch), Math.max(...at, 0));
  const done: number[] = [];
  return (training: number, epoch: number) => {
    done[training] = epoch;
    onEpoch?.(
      done.reduce((sum, own) => sum + own, 0),
      total,
    );
  };
}

async function childOf(
  network: Network,
  { epoch, weights, memory }: State,
  child: number,
  seed: number,
  { loader, optimizer, epochs, schedule, checkpoint, ...options }: ForkOptions,
  told: (done: number) => void,
): Promise<StateDict> {
  const own = optimizer();
  const model = { network, weights: clone(weights) };
  try {
    own.load(memory);
    await train(model, {
      ...trainingOf(options),
      ...(schedule && { schedule: (k: number) => schedule(epoch + k) }),
      ...(checkpoint && { checkpoint: checkpoint(epoch, child), settings: { forkedAt: epoch } }),
      loader: loader(seed),
      optimizer: own,
      epochs: epochs - epoch,
      onEpoch: (row) => told(row.epoch),
    });
    told(epochs - epoch);
    return model.weights;
  } catch (error) {
    disposeStateDict(model.weights);
    throw error;
  } finally {
    own.dispose();
  }
}

/**
 * The barrier between the two children of each fork, on the straight line, against the epoch at which
 * they branched off.
 *
 * @param network the network that is evaluated
 * @param forks as `trainForks` gives them
 * @param datasets `{ train, test }` or `{ train }`
 * @param options how a barrier is measured
 * @throws InputError as `pathBarrier`
 * @example
 * ```ts
 * const forks = [{ epoch: 0, children: [w1, w2] as const }];
 * const [{ epoch, barrier }] = await forkBarriers(network, forks, datasets);
 * [epoch, barrier >= 0]; // → [ 0, true ]
 * ```
 */
export async function forkBarriers(
  network: Network,
  forks: readonly Fork[],
  datasets: TrainDatasets,
  options: BarrierOptions = {},
): Promise<(Barrier & { readonly epoch: number })[]> {
  const rows: (Barrier & { readonly epoch: number })[] = [];
  for (const { epoch, children } of forks) {
    const [first, second] = children;
    const path = line(second, first);
    rows.push({ epoch, ...(await pathBarrier(network, path, datasets, options)) });
  }
  return rows;
}
