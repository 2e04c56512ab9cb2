import { existsSync, readdirSync } from 'node:fs';
import type { Network } from '../nn';
import { isPlain, parsed } from '../settings';
import { disposeStateDict, loadStateDict, type StateDict } from '../weights';
import type { Lab } from './lab';
import { isOfNetwork } from './savedNets';

/** A net that Part 3.1 has trained. */
export interface SweepNet {
  /** Its architecture as Part 3.1's file names have it: `ReLU-1-64`. */
  readonly configuration: string;
  readonly network: Network;
  readonly seed: number;
  readonly weights: StateDict;
}

/**
 * The nets that Part 3.1 has left in the lab's folder, by architecture and seed; none where it was
 * not carried out. What is in no such file is left out. The caller disposes the weights.
 *
 * @param lab whose folder is looked in
 * @throws InputError when a file cannot be read
 * @example
 * ```ts
 * const lab = openLab('small', { LAB_OUT: 'results' });
 * const settings = JSON.stringify({ network, seed: 1 });
 * saveStateDict(lab.file('sweep-tanh-1-3-seed-1.safetensors'), w1, { settings });
 * const [net] = savedSweep(lab);
 * [net.configuration, net.seed]; // → [ 'tanh-1-3', 1 ]
 * disposeStateDict(net.weights);
 * ```
 */
export function savedSweep(lab: Lab): SweepNet[] {
  const files = existsSync(lab.folder) ? readdirSync(lab.folder).sort() : [];
  return files.flatMap((file) => {
    const [, configuration, seed] = /^sweep-(.+)-seed-(\d+)\.safetensors$/.exec(file) ?? [];
    if (configuration === undefined) return [];
    const { stateDict: weights, metadata } = loadStateDict(lab.file(file));
    const from = parsed(metadata.settings);
    const network = isPlain(from) ? (from.network as unknown as Network) : undefined;
    if (network !== undefined && isOfNetwork(weights, network)) {
      return [{ configuration, network, seed: Number(seed), weights }];
    }
    disposeStateDict(weights);
    return [];
  });
}
