import { type Dataset, makeDataset } from '../../lib/data';
import { type Layer, type Network, sequential } from '../../lib/nn';
import { assertClose } from '../close';
import fixtures from './fixtures.json';

/** The nets and samples of fixtures.py. */
export const torchVersion = fixtures.torch;
export const nets = fixtures.nets.map((net) => ({
  ...net,
  name: `${net.activation}, hidden layers [${net.hidden.join(', ')}]`,
  network: networkOf(net.activation, net.hidden),
}));

export const samples: Dataset = makeDataset({
  name: 'of fixtures.py',
  images: Uint8Array.from(fixtures.images),
  labels: Uint8Array.from(fixtures.labels),
  imageShape: [1, 3, 3],
  classes: 3,
});

function networkOf(activation: string, hidden: readonly number[]): Network {
  const layers: Layer[] = [{ kind: 'reshape', shape: [9] }];
  let inputs = 9;
  for (const outputs of hidden) {
    layers.push({ kind: 'dense', inputs, outputs }, nonlinearity(activation));
    inputs = outputs;
  }
  return sequential([1, 3, 3], [...layers, { kind: 'dense', inputs, outputs: 3 }]);
}

function nonlinearity(kind: string): Layer {
  return kind === 'leakyReLU' ? { kind, slope: 0.1 } : { kind: kind as 'relu' };
}

/** Throws unless two lists are as close as `relative` times the largest number of the second. */
export function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
): void {
  const largest = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  assertClose(actual, expected, { absolute: relative * largest });
}
