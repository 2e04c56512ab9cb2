import type { Dataset } from '../data';
import type { AtPoint, Engine } from '../engine';
import { InputError } from '../errors';
import type { Network } from '../nn';
import { hasBuffers } from '../nn/network';
import { recomputeStatistics } from '../training';
import { disposeStateDict, isBuffer, type StateDict, withBuffers } from '../weights';

/**
 * What BatchNorm's statistics are at a point of a path or plane: made anew there by a pass over
 * training data; combined as the weights are; or those of the first anchor, an end of the path.
 */
export type Statistics = 'recomputed' | 'interpolated' | 'endpoint';

const STATISTICS: readonly Statistics[] = ['recomputed', 'interpolated', 'endpoint'];

/** What BatchNorm's statistics are at each point. */
export interface StatisticsOptions {
  /** Without BatchNorm it changes nothing; by default `recomputed`. */
  readonly statistics?: Statistics;
  /** What they are recomputed from, by default all of train. */
  readonly statisticsFrom?: Dataset;
}

/**
 * How to put the statistics in at each point, or nothing where there is nothing to do. What was
 * recomputed at a point is kept for the next dataset, until `dispose`.
 */
export function pointStatistics(
  network: Network,
  anchors: readonly StateDict[],
  from: Dataset,
  statistics: Statistics,
  engine: Engine,
  signal: AbortSignal | undefined,
): { readonly atPoint: AtPoint | undefined; dispose(): void } {
  if (!STATISTICS.includes(statistics)) {
    throw new InputError(`statistics must be one of ${STATISTICS.join(', ')}, got ${statistics}`);
  }
  const known = new Map<string, StateDict>();
  const dispose = () => disposeStateDict(...known.values());
  if (!hasBuffers(network) || statistics === 'interpolated') return { atPoint: undefined, dispose };
  const atPoint: AtPoint = async (weights, point) => {
    if (statistics === 'endpoint') return withBuffers(weights, cloneBuffers(anchors[0]!));
    const key = point.join();
    let buffers = known.get(key);
    if (buffers === undefined) {
      buffers = await buffersAt(network, weights, from, engine, signal);
      known.set(key, buffers);
    }
    return withBuffers(weights, cloneBuffers(buffers));
  };
  return { atPoint, dispose };
}

async function buffersAt(
  network: Network,
  weights: StateDict,
  from: Dataset,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<StateDict> {
  const there = await recomputeStatistics(network, weights, from, { engine, signal });
  const buffers = cloneBuffers(there);
  disposeStateDict(there);
  return buffers;
}

function cloneBuffers(stateDict: StateDict): StateDict {
  const own = Object.entries(stateDict).filter(([name]) => isBuffer(name));
  return Object.fromEntries(own.map(([name, tensor]) => [name, tensor.clone()]));
}
