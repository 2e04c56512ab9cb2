import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { countParameters, type Network, sequential, stateDictShapes } from '../nn';
import type { StateDict } from '../weights';

/** What a submission claims, taken only if it is what it should be. */

const MOST_PARAMETERS = 20e6;
const MOST_LAYERS = 100;

/** @throws InputError unless the value describes a network that can be carried out */
export function asNetwork(value: unknown): Network {
  const { layers, inputShape } = (value ?? {}) as Partial<Network>;
  if (!Array.isArray(layers) || layers.length > MOST_LAYERS || !Array.isArray(inputShape)) {
    throw new InputError('network: it is no description of a network');
  }
  const network = sequential(inputShape, layers);
  const parameters = countParameters(network);
  if (!(parameters > 0 && parameters <= MOST_PARAMETERS)) {
    throw new InputError(`network: it has ${parameters} parameters, at most 20 million are judged`);
  }
  return network;
}

/** @throws InputError unless each of them is a network */
export function asNetworks(value: unknown): Record<string, Network> {
  const networks = Object.entries((value ?? {}) as object);
  return Object.fromEntries(networks.map(([name, network]) => [name, asNetwork(network)]));
}

/** @throws InputError unless the value is a point of the network's weight space */
export function asPoint(network: Network, value: unknown): StateDict {
  const claimed = (value ?? {}) as Record<string, unknown>;
  const point: StateDict = {};
  for (const [name, shape] of Object.entries(stateDictShapes(network))) {
    const tensor = claimed[name];
    if (!(tensor instanceof tf.Tensor) || tensor.shape.join() !== shape.join()) {
      const got = tensor instanceof tf.Tensor ? `[${tensor.shape.join(', ')}]` : 'nothing';
      throw new InputError(`'${name}' should have shape [${shape.join(', ')}], got ${got}`);
    }
    point[name] = tensor;
  }
  return point;
}

/** @throws InputError unless each of them is a point of the network's weight space */
export function asPoints(network: Network, value: unknown): StateDict[] {
  if (!Array.isArray(value)) throw new InputError('there is no list of state dicts');
  return value.map((point) => asPoint(network, point));
}
