import * as tf from '@tensorflow/tfjs';
import { type Dataset, makeDataset } from '../../lib/data';
import { type Convolution, type Layer, type Network, sequential } from '../../lib/nn';
import { stateDictShapes } from '../../lib/nn/network';
import { vectorToParameters } from '../../lib/nn/vector';
import { isBuffer, type StateDict } from '../../lib/weights';
import fixtures from './imageFixtures.json';

type Name = keyof typeof fixtures.nets;

const SHAPE = [1, 6, 6] as const;

const conv = (
  inputs: number,
  outputs: number,
  kernelSize: number,
  padding: Convolution['padding'],
  others: Partial<Convolution> = {},
): Layer => ({ kind: 'conv2d', inputs, outputs, kernelSize, padding, ...others });
const norm = (features: number): Layer => ({ kind: 'batchNorm2d', features });
const dense = (inputs: number, outputs: number): Layer => ({ kind: 'dense', inputs, outputs });
const [relu, tanh, sigmoid, flatten]: Layer[] = (
  ['relu', 'tanh', 'sigmoid', 'flatten'] as const
).map((kind) => ({ kind }));
const pool = (kind: 'maxPool2d' | 'averagePool2d', size: number): Layer => ({ kind, size });
const leaky: Layer = { kind: 'leakyReLU', slope: 0.1 };

/** The same as NETS in imageFixtures.py, layer by layer. */
const layers: Readonly<Record<Name, readonly (Layer | undefined)[]>> = {
  'convolutions, BatchNorm, ReLU, max-pooling': [
    ...[conv(1, 3, 3, 'same'), norm(3), relu, pool('maxPool2d', 2)],
    ...[conv(3, 4, 2, 'valid'), norm(4), tanh, flatten, dense(16, 3)],
  ],
  'sigmoid, average pooling, dropout, tanh': [
    ...[conv(1, 2, 3, 'valid'), sigmoid, pool('averagePool2d', 2), flatten],
    ...[{ kind: 'dropout', rate: 0.5 } as const, dense(8, 5), tanh, dense(5, 3)],
  ],
  'padding, strides, LeakyReLU, no bias': [
    { kind: 'zeroPad2d', padding: 1 },
    ...[conv(1, 3, 3, 'valid', { stride: 2, bias: false }), leaky, pool('maxPool2d', 2)],
    ...[conv(3, 4, 3, 1), leaky, flatten, dense(4, 3)],
  ],
  'a residual block': [
    ...[conv(1, 2, 3, 'same'), norm(2), relu],
    {
      kind: 'residual',
      body: [conv(2, 3, 3, 1, { stride: 2 }), norm(3), tanh!, conv(3, 3, 1, 'valid')],
      shortcut: [conv(2, 3, 1, 'valid', { stride: 2 })],
    },
    { kind: 'residual', body: [conv(3, 3, 3, 'same'), tanh!] },
    ...[pool('averagePool2d', 3), flatten, dense(3, 3)],
  ],
};

export const samples: Dataset = makeDataset({
  name: 'of imageFixtures.py',
  images: Uint8Array.from(fixtures.images),
  labels: Uint8Array.from(fixtures.labels),
  imageShape: [...SHAPE],
  classes: 3,
});

export const nets = (Object.keys(layers) as Name[]).map((name) => {
  const own = layers[name].filter((layer) => layer !== undefined);
  const network = sequential([...SHAPE], [{ kind: 'channelsLast' }, ...own]);
  return { name, network, ...fixtures.nets[name] };
});

/** A point as a state dict, with the running statistics of the fixture. The caller disposes it. */
export function pointOf(
  network: Network,
  vector: Float64Array,
  buffers: readonly (readonly number[])[],
): StateDict {
  const rest = [...buffers];
  const own = Object.keys(stateDictShapes(network)).filter(isBuffer);
  return {
    ...vectorToParameters(network, vector),
    ...Object.fromEntries(
      own.map((name) => [
        name,
        name.endsWith('tracked') ? tf.scalar(1, 'int32') : tf.tensor1d([...rest.shift()!]),
      ]),
    ),
  };
}
