import { type Dataset, makeDataset } from '../../../lib/data';
import { type Layer, type Network, sequential } from '../../../lib/nn';
import type { Shape } from '../../../lib/nn/kind';
import { kindOf } from '../../../lib/nn/kinds';
import { generator } from '../../../lib/random';
import { sizeOf } from '../../../lib/shape';

/** Networks of images of all that the native engine has kernels for, drawn by a seed. */
export function drawImageNetwork(seed: number): Network {
  const random = generator(seed);
  const between = (from: number, to: number) => from + random.integer(to - from + 1);
  const chance = (p: number) => random.uniform() < p;
  const inputShape: Shape = [between(1, 3), between(5, 9), between(5, 9)];
  const layers: Layer[] = [];
  let shape: Shape = inputShape;
  const add = (layer: Layer) => {
    shape = kindOf(layer).outputShape(layer, shape);
    layers.push(layer);
  };
  add({ kind: 'channelsLast' });
  if (chance(0.3)) add({ kind: 'zeroPad2d', padding: between(1, 2) });
  if (chance(0.2)) add({ kind: 'batchNorm2d', features: shape[2]! });
  for (let i = between(1, 3); i > 0; i--) {
    const side = Math.min(shape[0]!, shape[1]!);
    const kernelSize = Math.min(between(1, 5), side);
    const zeros = seed % 2 === 0 ? 'valid' : Math.min(2, kernelSize - 1);
    const padding = chance(0.6) ? 'same' : zeros;
    add({ kind: 'conv2d', inputs: shape[2]!, outputs: between(1, 18), kernelSize, padding });
    if (chance(0.6)) add({ kind: 'batchNorm2d', features: shape[2]! });
    if (chance(0.7)) add({ kind: 'relu' });
    if (chance(0.2)) add({ kind: 'dropout', rate: 0.3 });
    if (chance(0.2)) add({ kind: 'zeroPad2d', padding: 1 });
    const size = Math.min(2, shape[0]!, shape[1]!);
    if (chance(0.4)) add({ kind: chance(0.5) ? 'maxPool2d' : 'averagePool2d', size });
  }
  add({ kind: 'flatten' });
  if (chance(0.4)) {
    add({ kind: 'dense', inputs: shape[0]!, outputs: between(1, 12) });
    add({ kind: 'relu' });
  }
  if (chance(0.4)) add({ kind: 'dropout', rate: 0.5 });
  add({ kind: 'dense', inputs: shape[0]!, outputs: between(2, 11) });
  return sequential(inputShape, layers);
}

/** Images for a network, a third of whose pixels are 0. */
export function imagesFor({ inputShape, outputSize }: Network, length: number): Dataset {
  const random = generator(8, length);
  return makeDataset({
    name: 'drawn images',
    images: Uint8Array.from({ length: length * sizeOf(inputShape) }, () =>
      Math.max(0, random.integer(384) - 128),
    ),
    labels: Uint8Array.from({ length }, () => random.integer(outputSize)),
    imageShape: inputShape as [number, number, number],
    classes: outputSize,
  });
}

/** All that a VGG has, for images of 4 × 4. */
export const smallConvolutional = sequential(
  [1, 4, 4],
  [
    { kind: 'channelsLast' },
    { kind: 'conv2d', inputs: 1, outputs: 6, kernelSize: 3, padding: 'same' },
    { kind: 'batchNorm2d', features: 6 },
    { kind: 'relu' },
    { kind: 'conv2d', inputs: 6, outputs: 9, kernelSize: 3, padding: 'same' },
    { kind: 'batchNorm2d', features: 9 },
    { kind: 'relu' },
    { kind: 'maxPool2d', size: 2 },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.2 },
    { kind: 'dense', inputs: 36, outputs: 12 },
    { kind: 'relu' },
    { kind: 'dense', inputs: 12, outputs: 10 },
  ],
);
