import { InputError } from '../../../errors';
import type { Network } from '../../../nn';
import type { StateDict } from '../../../weights';
import type { Given } from './criterion';
import { asNetwork, hasBatchNorm } from './networks';

/** @throws InputError unless it is a network for the digits that is judged in time */
export function ofMnist(value: unknown): Network {
  const net = asNetwork(value);
  if (net.inputShape.join() === '1,28,28' && net.outputSize === 10) return net;
  throw new InputError(
    `network: expected one of images [1, 28, 28] with 10 outputs, got [${net.inputShape.join(', ')}] ` +
      `and ${net.outputSize}`,
  );
}

/**
 * The parts have points of the same names; so that those of one earn nothing in another, each takes
 * its own kind of network.
 *
 * @throws InputError on a network of the other kind
 */
export function withBatchNorm(value: unknown): Network {
  const net = ofMnist(value);
  if (!hasBatchNorm(net)) throw new InputError('Task 3.2 is about a network with BatchNorm');
  return net;
}

/** @throws InputError on a network of the other kind */
export function withoutBatchNorm(value: unknown): Network {
  const net = ofMnist(value);
  if (hasBatchNorm(net)) throw new InputError('Task 2.2 is about a network without BatchNorm');
  return net;
}

/**
 * Points as they are claimed, of which the check says which are none.
 *
 * @throws InputError unless they are lists
 */
export function pairs(claims: Given['claims']): { inits: StateDict[]; minima: StateDict[] } {
  const { inits, minima } = claims;
  if (Array.isArray(inits) && Array.isArray(minima)) return { inits, minima };
  throw new InputError('there are no lists of state dicts, of inits and of minima');
}
