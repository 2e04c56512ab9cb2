import * as tf from '@tensorflow/tfjs';
import { type Dataset, makeDataset } from '../../lib/data';
import { type NeuronGroup, neuronGroups } from '../../lib/matching';
import {
  ClassifierFC,
  initialize,
  type Layer,
  type Network,
  PreResNet,
  sequential,
  VGG,
} from '../../lib/nn';
import { generator, normal, permutation } from '../../lib/random';
import { mapStateDict, type StateDict } from '../../lib/weights';

const images: Layer[] = [
  { kind: 'channelsLast' },
  { kind: 'conv2d', inputs: 2, outputs: 5, kernelSize: 3, padding: 'same' },
  { kind: 'layerNorm', features: 5 },
  { kind: 'gelu' },
  { kind: 'averagePool2d', size: 2 },
  {
    kind: 'residual',
    body: [
      { kind: 'conv2d', inputs: 5, outputs: 7, kernelSize: 3, padding: 1 },
      { kind: 'leakyReLU', slope: 0.1 },
      { kind: 'conv2d', inputs: 7, outputs: 5, kernelSize: 1, padding: 'valid' },
    ],
  },
  { kind: 'flatten' },
  { kind: 'layerNorm', features: 45 },
  { kind: 'dense', inputs: 45, outputs: 6 },
  { kind: 'tanh' },
  { kind: 'dense', inputs: 6, outputs: 3 },
];

const normalised: Layer[] = [
  { kind: 'channelsLast' },
  { kind: 'zeroPad2d', padding: 1 },
  { kind: 'conv2d', inputs: 1, outputs: 6, kernelSize: 3, padding: 'valid', bias: false },
  { kind: 'batchNorm2d', features: 6 },
  { kind: 'tanh' },
  { kind: 'maxPool2d', size: 2 },
  { kind: 'conv2d', inputs: 6, outputs: 8, kernelSize: 3, padding: 'same' },
  { kind: 'batchNorm2d', features: 8 },
  { kind: 'sigmoid' },
  { kind: 'flatten' },
  { kind: 'dropout', rate: 0.5 },
  { kind: 'dense', inputs: 128, outputs: 10 },
];

/** Networks of every kind of layer that neurons can be followed through. */
export const nets: Readonly<Record<string, Network>> = {
  'one hidden layer': ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 20 }),
  'three hidden layers': ClassifierFC({
    inputShape: [1, 4, 4],
    outputSize: 10,
    hiddenDim: 16,
    numHidden: 3,
    nonlinearity: 'tanh',
  }),
  'VGG with BatchNorm': VGG({ depth: 11, width: 1 / 16 }),
  'PreResNet with shortcuts': PreResNet({ depth: 14, width: 1 / 2, inputShape: [1, 28, 28] }),
  'BatchNorm, flatten': sequential([1, 8, 8], normalised),
  'LayerNorm, pooling, a residual block': sequential([2, 6, 6], images),
};

/** Weights as after a training: none is 1 or 0, so that none is left out unseen; variances above 0. */
export function drawn(network: Network, seed: number): StateDict {
  const random = generator(seed, 5);
  return tf.tidy(() =>
    mapStateDict(initialize(network, seed), (tensor, name) => {
      if (tensor.dtype !== 'float32') return tensor.clone();
      const noise = Float32Array.from({ length: tensor.size }, () => 0.1 * normal(random));
      const moved = tensor.add(tf.tensor(noise, tensor.shape));
      return name.endsWith('running_var') ? moved.abs().add(0.1) : moved;
    }),
  );
}

/** A random order for each group. */
export function ordersOf(
  groups: readonly NeuronGroup[],
  seed: number,
): Record<string, Uint32Array> {
  const random = generator(seed, 6);
  return Object.fromEntries(groups.map(({ name, size }) => [name, permutation(size, random)]));
}

export function randomOrders(network: Network, seed: number): Record<string, Uint32Array> {
  return ordersOf(neuronGroups(network), seed);
}

/** The order that undoes another. */
export function inverse(order: Uint32Array): Uint32Array {
  const back = new Uint32Array(order.length);
  order.forEach((from, i) => {
    back[from] = i;
  });
  return back;
}

export function inputs({ inputShape }: Network, samples: number, seed: number): tf.Tensor {
  return tf.randomUniform([samples, ...inputShape], 0, 1, 'float32', seed);
}

/** All orders of some items. */
export function permutationsOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutationsOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/** Images of random bytes, all of one class. */
export function pixels(length: number, imageShape: readonly [number, number, number]): Dataset {
  const random = generator(7);
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  const images = Uint8Array.from({ length: length * size }, () => random.integer(256));
  return makeDataset({
    name: 'pixels',
    images,
    labels: new Uint8Array(length),
    imageShape,
    classes: 10,
  });
}
