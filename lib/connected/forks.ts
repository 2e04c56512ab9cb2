import type { DataLoader } from '../data';
import type { Engine } from '../engine';
import { InputError, requireInteger } from '../errors';
import type { LossFunction, Network } from '../nn';
import type { Optimizer, Schedule } from '../optim';
import { line, type TrainDatasets } from '../paths';
import { requireSeed } from '../random';
import { sideBySide, train } from '../training';
import { clone, disposeStateDict, type StateDict } from '../weights';
import { type Barrier, type BarrierOptions, pathBarrier } from './barriers';

/** One training, and where others branch off from it. */
export interface ForkOptions {
  /** Epochs after which two children branch off, each below `epochs`; 0 is the initialisation. */
  readonly at: readonly number[];
  /** Epochs that each child has in the end, its parent's counted. */
  readonly epochs: number;
  /** The batches in the order of a seed. */
  readonly loader: (seed: number) => DataLoader;
  /** The seeds of the parent's and the two children's orders. */
  readonly seeds: readonly [parent: number, first: number, second: number];
  /** A fresh optimizer, for each training its own. */
  readonly optimizer: () => Optimizer;
  /** Factor of the learning rate at each epoch; children go on where the parent is. */
  readonly schedule?: Schedule;
  /** The mean loss of a batch; by default `crossEntropy`. */
  readonly lossFunction?: LossFunction;
  /** The file that keeps a child's training, 0 or 1, as `train` does; by default none. */
  readonly checkpoint?: (epoch: number, child: number) => string;
  /** Trainings at a time; by default as many as there are cores. */
  readonly atOnce?: number;
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
}

/** Two networks that were one up to an epoch. */
export interface Fork {
  readonly epoch: number;
  readonly children: readonly [StateDict, StateDict];
}

/** A training as it is after an epoch: weights, and what the optimizer remembers. */
interface State {
  readonly epoch: number;
  readonly weights: StateDict;
  readonly memory: StateDict;
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
  const states = await parentStates(network, weights, options);
  const made: StateDict[] = [];
  try {
    const tasks = states.flatMap((state) =>
      [0, 1].map((child) => async () => {
        const grown = await childOf(network, state, child, seeds[child + 1]!, options);
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

async function parentStates(
  network: Network,
  weights: StateDict,
  { at, loader, optimizer, seeds, ...options }: ForkOptions,
): Promise<State[]> {
  const own = optimizer();
  const model = { network, weights: clone(weights) };
  const states: State[] = [];
  const keep = (epoch: number) => {
    if (!at.includes(epoch)) return;
    states.push({ epoch, weights: clone(model.weights), memory: own.state() });
  };
  try {
    keep(0);
    const epochs = Math.max(...at, 0);
    if (epochs > 0) {
      const run = { ...trainingOf(options), loader: loader(seeds[0]), optimizer: own, epochs };
      await train(model, { ...run, onEpoch: ({ epoch }) => keep(epoch) });
    }
    return states;
  } catch (error) {
    for (const state of states) disposeStateDict(state.weights, state.memory);
    throw error;
  } finally {
    own.dispose();
    disposeStateDict(model.weights);
  }
}

async function childOf(
  network: Network,
  { epoch, weights, memory }: State,
  child: number,
  seed: number,
  { loader, optimizer, epochs, schedule, checkpoint, ...options }: ForkOptions,
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
    });
    return model.weights;
  } catch (error) {
    disposeStateDict(model.weights);
    throw error;
  } finally {
    own.dispose();
  }
}

/** What of the options every training has. */
function trainingOf({
  schedule,
  lossFunction,
  engine,
  signal,
}: Pick<ForkOptions, 'schedule' | 'lossFunction' | 'engine' | 'signal'>) {
  return {
    ...(schedule && { schedule }),
    ...(lossFunction && { lossFunction }),
    ...(engine && { engine }),
    signal,
  };
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
