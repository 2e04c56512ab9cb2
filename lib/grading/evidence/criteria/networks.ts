import { InputError } from '../../../errors';
import { countParameters, type Layer, layerSizes, type Network, sequential } from '../../../nn';
import { isKind } from '../../../nn/kinds';
import { multiplications } from '../../../nn/network';

/** What a submission claims, taken only if it is what it should be, and can be carried out here. */

const MOST_LAYERS = 100;
const MOST_PARAMETERS = 20e6;
/**
 * Numbers that one layer makes of one image, and the work for one image in all, in multiplications:
 * Part 3.2's net takes 2.4 million, and the verdict takes them for each image at each of some forty
 * points. A number that a layer makes counts as ten.
 */
const MOST_NUMBERS = 60e3;
const MOST_WORK = 4e6;

/** @throws InputError unless the value describes a network that can be carried out here in time */
export function asNetwork(value: unknown): Network {
  const network = asDescription(value);
  const sizes = layerSizes(network);
  const numbers = Math.max(...sizes);
  const work = multiplications(network) + 10 * sizes.reduce((sum, size) => sum + size, 0);
  if (!(numbers <= MOST_NUMBERS && work <= MOST_WORK)) {
    throw new InputError(
      `network: it takes the work of ${work} multiplications an image and makes up to ${numbers} ` +
        `numbers of it in a layer; at most ${MOST_WORK} and ${MOST_NUMBERS} are judged`,
    );
  }
  return network;
}

/** A network, however long it would take; nothing is carried out. */
function asDescription(value: unknown): Network {
  const { layers, inputShape } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(layers) || layers.length > MOST_LAYERS || !isShape(inputShape)) {
    throw new InputError('network: expected { layers, inputShape } as ClassifierFC or VGG make it');
  }
  const network = sequential(inputShape, layers.map(asLayer));
  const parameters = countParameters(network);
  if (!(parameters > 0 && parameters <= MOST_PARAMETERS)) {
    throw new InputError(`network: it has ${parameters} parameters, at most 20 million are judged`);
  }
  return network;
}

function asLayer(value: unknown): Layer {
  const layer = (value ?? {}) as Record<string, unknown>;
  const whole = Object.entries(layer).every(([name, item]) => {
    if (name === 'kind') return isKind(item);
    if (name === 'rate') return typeof item === 'number' && item >= 0 && item < 1;
    if (name === 'padding') return item === 'same' || item === 'valid' || isSize(item);
    return name === 'initial' || isSize(item) || isShape(item);
  });
  if (!whole || layer.kind === undefined) {
    throw new InputError(`network: there is no such layer: ${describeLayer(layer)}`);
  }
  return layer as unknown as Layer;
}

/** Its kind and numbers, in short. */
function describeLayer(layer: Record<string, unknown>): string {
  const told = Object.entries(layer).map(([name, item]) => `${name} ${JSON.stringify(item)}`);
  return told.join(', ').slice(0, 100);
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= 1e6;
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.length <= 4 && value.every(isSize);
}

/** @throws InputError unless each of them is a network */
export function asNetworks(value: unknown): Record<string, Network> {
  const networks = Object.entries((value ?? {}) as object);
  return Object.fromEntries(networks.map(([name, network]) => [name, asDescription(network)]));
}

/** Whether the network has BatchNorm, as that of Task 3.2 must, and others must not. */
export const hasBatchNorm = ({ layers }: Network) =>
  layers.some(({ kind }) => kind === 'batchNorm2d');
