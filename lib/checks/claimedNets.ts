import { type Dataset, dataLoader } from '../data';
import { crossEntropy, type Network } from '../nn';
import { distance } from '../paths';
import { performEpoch } from '../training';
import type { StateDict } from '../weights';
import { asPoint } from './points';

/** A net, and where its training began. */
export interface TrainedNet {
  readonly init: StateDict;
  readonly weights: StateDict;
}

/** Trained nets as an answer holds them: lists, in which anything may stand or be missing. */
export interface ClaimedNets {
  readonly inits: readonly unknown[];
  readonly minima: readonly unknown[];
  /** @throws InputError unless both are points of the network's weight space */
  net(i: number): TrainedNet;
  /** Whether net i is there and not where it began. */
  hasMoved(i: number): boolean;
  /** The accuracy of net i, measured once. */
  accuracy(i: number, on: Dataset): Promise<number>;
}

export function claimedNets(
  network: Network,
  claimed: { readonly inits: unknown; readonly minima: unknown },
): ClaimedNets {
  const [inits, minima] = [listed(claimed.inits), listed(claimed.minima)];
  const net = (i: number): TrainedNet => ({
    init: asPoint(network, inits[i]),
    weights: asPoint(network, minima[i]),
  });
  const isWhereItBegan = (i: number): boolean => {
    try {
      const { init, weights } = net(i);
      return distance(weights, init) === 0;
    } catch {
      return false;
    }
  };
  const known = new Map<Dataset, Map<number, number>>();
  const accuracy = async (i: number, on: Dataset): Promise<number> => {
    const measured = known.get(on) ?? new Map<number, number>();
    known.set(on, measured);
    const loader = dataLoader(on, { batchSize: 500 });
    const model = { network, weights: net(i).weights };
    const found = measured.get(i) ?? (await performEpoch(model, loader, crossEntropy)).accuracy;
    measured.set(i, found);
    return found;
  };
  const hasMoved = (i: number) => minima[i] !== undefined && !isWhereItBegan(i);
  return { inits, minima, net, hasMoved, accuracy };
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
