import { type Bend, checkBend } from '../../../checks';
import { asPoint } from '../../../checks/points';
import type { Network } from '../../../nn';
import type { Datasets } from '../../../paths';
import type { Criterion } from './criterion';
import { twoMinima } from './twoNets';

/**
 * Judges a fitted bend, of whichever task.
 *
 * @param networkOf takes the network as it is claimed; throws InputError on one of another task
 * @param mnist the images that it is judged on
 * @param bars what the task's check cell states
 */
export function judgeBend(
  task: string,
  networkOf: (claimed: unknown) => Network,
  mnist: (small: boolean) => Promise<Datasets>,
  bars: (small: boolean) => Pick<Bend, 'share' | 'leastAccuracy'>,
): Criterion['judge'] {
  return async ({ claims, small }) => {
    const network = networkOf(claims.network);
    const { train, test } = await mnist(small);
    const ends = await twoMinima(network, claims, test);
    const theta = asPoint(network, claims.theta);
    return await checkBend({ task, network, ...ends, theta, train, ...bars(small) });
  };
}
