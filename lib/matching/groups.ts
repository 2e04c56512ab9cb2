import { InputError } from '../errors';
import type { Layer, Network, Shape } from '../nn';
import { kindOf } from '../nn/kinds';
import { LAYERS } from '../nn/network';

/** Where a group's neurons stand in a tensor. */
export interface Place {
  /** The tensor's name in the state dict. */
  readonly name: string;
  readonly axis: number;
  /** Numbers along the axis that belong to one neuron; they stand next to each other. */
  readonly block: number;
}

/**
 * Hidden neurons, or channels, that can be put in any order together: the network stays the same
 * function if all of the group's places are put in that order.
 */
export interface NeuronGroup {
  /** The layer that makes them, `layers.1` say; of several that are added up, the first. */
  readonly name: string;
  readonly size: number;
  readonly places: readonly Place[];
}

/** Layers whose neurons are added up are one group: the groups grow together on the way. */
interface Growing {
  name: string;
  size: number;
  places: Place[];
  /** Inputs and logits keep their order, and so does what is added to them. */
  fixed: boolean;
  /** The group that this one has become a part of. */
  into?: Growing;
}

/** What comes out of a layer: whose neurons, and how many numbers next to each other each has. */
interface Output {
  readonly group: Growing;
  readonly block: number;
  readonly shape: Shape;
}

/**
 * The groups of a network's hidden neurons, in the order in which data flows: one for each dense
 * layer and convolution but the last, of its outputs. BatchNorm and LayerNorm belong to the group
 * that they normalise; behind `flatten` a channel is a block of H·W inputs; what a residual block
 * adds up is one group.
 *
 * @param network the description; no weights are needed
 * @throws InputError where the order of neurons cannot be followed: through a layer of one's own, a
 *   reshape of hidden values, or a layer that maps a group to itself
 * @example
 * ```ts
 * neuronGroups(network).map(({ name, size }) => [name, size]); // → [ [ 'layers.1', 3 ] ]
 * ```
 */
export function neuronGroups(network: Network): NeuronGroup[] {
  const made: Growing[] = [];
  const input = { name: 'input', size: network.inputShape[0] ?? 1, places: [], fixed: true };
  const start = { group: input, block: 1, shape: network.inputShape };
  const { group: logits } = follow(network.layers, LAYERS, start, made);
  rootOf(logits).fixed = true;
  const groups = made.filter((group) => group.into === undefined && !group.fixed);
  for (const group of groups) requireOnce(group);
  return groups.map(({ name, size, places }) => ({ name, size, places }));
}

/** What comes out of layers in order; adds the groups that they make to `made`. */
function follow(layers: readonly Layer[], prefix: string, input: Output, made: Growing[]): Output {
  return layers.reduce((before, layer, i) => {
    const shape = kindOf(layer).outputShape(layer, before.shape);
    return { shape, ...through(layer, `${prefix}${i}`, before, made) };
  }, input);
}

/** Whose neurons a layer gives, of those that it takes. */
function through(
  layer: Layer,
  name: string,
  before: Output,
  made: Growing[],
): Omit<Output, 'shape'> {
  const { block, shape } = before;
  const group = rootOf(before.group);
  switch (layer.kind) {
    case 'dense':
    case 'conv2d': {
      group.places.push({ name: `${name}.weight`, axis: 1, block });
      const names = Object.keys(kindOf(layer).tensors(layer)).map((own) => `${name}.${own}`);
      const places = names.map((own) => ({ name: own, axis: 0, block: 1 }));
      made.push({ name, size: layer.outputs, places, fixed: false });
      return { group: made.at(-1)!, block: 1 };
    }
    case 'batchNorm2d':
    case 'layerNorm': {
      const all = Object.entries(kindOf(layer).tensors(layer));
      const own = all.filter(([, { length }]) => length > 0);
      group.places.push(...own.map(([of]) => ({ name: `${name}.${of}`, axis: 0, block })));
      return { group, block };
    }
    case 'flatten':
      return { group, block: (block * shape.reduce((n, size) => n * size, 1)) / shape.at(-1)! };
    case 'residual': {
      const body = follow(layer.body, `${name}.body.`, before, made);
      const shortcut = follow(layer.shortcut ?? [], `${name}.shortcut.`, before, made);
      return { group: joined(name, shortcut, body), block: body.block };
    }
    case 'channelsLast':
    case 'reshape':
    case 'own':
      if (group.fixed) return { group, block };
      throw new InputError(
        `neuronGroups: the order of neurons cannot be followed through ${name}, ` +
          `a layer of kind ${layer.kind} behind ${group.name}; build the network without it`,
      );
    case 'zeroPad2d':
    case 'maxPool2d':
    case 'averagePool2d':
    case 'dropout':
    case 'leakyReLU':
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'gelu':
      return { group, block };
  }
}

function rootOf(group: Growing): Growing {
  return group.into === undefined ? group : rootOf(group.into);
}

/** Two groups as one, since their neurons are added up pair by pair. */
function joined(block: string, a: Output, b: Output): Growing {
  const [first, second] = [rootOf(a.group), rootOf(b.group)];
  if (first === second) return first;
  if (first.fixed || second.fixed) {
    first.fixed = true;
    second.fixed = true;
    return first;
  }
  if (a.block !== b.block) {
    throw new InputError(
      `neuronGroups: ${block} adds neurons of ${a.block} numbers to such of ${b.block}, so their ` +
        'order cannot be one; put flatten behind it, or a dense layer before',
    );
  }
  first.places.push(...second.places);
  second.into = first;
  return first;
}

/** @throws InputError when a tensor has the group on both sides: then no assignment is exact */
function requireOnce({ name, places }: Growing): void {
  const twice = places.find((place, i) => places.findIndex((p) => p.name === place.name) < i);
  if (twice === undefined) return;
  throw new InputError(
    `neuronGroups: ${twice.name} maps the neurons of ${name} to themselves; give the residual ` +
      'block two layers with weights, as PreResNet has',
  );
}
