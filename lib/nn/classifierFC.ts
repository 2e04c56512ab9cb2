import { InputError, requireInteger } from '../errors';
import { sizeOf } from '../shape';
import type { Layer } from './kinds';
import { type Nonlinearity, nonlinearities } from './layers/nonlinearities';
import { type Network, sequential } from './network';

/** Settings of `ClassifierFC`; the names are the original lab's. */
export interface ClassifierFCOptions {
  /** The shape of one input, e.g. [1, 28, 28]. */
  readonly inputShape: readonly number[];
  /** The number of classes, at least 2. */
  readonly outputSize: number;
  /** Neurons in each hidden layer; by default 50. */
  readonly hiddenDim?: number;
  /** The number of hidden layers, at least 1; by default 1. */
  readonly numHidden?: number;
  /** What stands behind each hidden layer; by default `relu`. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * The lab's fully connected network: `numHidden` hidden layers of `hiddenDim` neurons, each
 * followed by the nonlinearity, and a dense layer to `outputSize` logits. Its state dict has the
 * names and shapes of the lab's PyTorch module: for one hidden layer `layers.1.weight`,
 * `layers.1.bias`, `layers.3.weight`, `layers.3.bias`.
 *
 * @throws InputError on a size below 1, fewer than two classes or an unknown nonlinearity
 * @example
 * ```ts
 * const lab = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
 * countParameters(lab); // → 50890
 * ```
 */
export function ClassifierFC({
  inputShape,
  outputSize,
  hiddenDim = 50,
  numHidden = 1,
  nonlinearity = 'relu',
}: ClassifierFCOptions): Network {
  requireInteger('ClassifierFC', 'outputSize', outputSize, 2);
  requireInteger('ClassifierFC', 'hiddenDim', hiddenDim, 1);
  requireInteger('ClassifierFC', 'numHidden', numHidden, 1);
  for (const size of inputShape) requireInteger('ClassifierFC', 'inputShape', size, 1);
  if (!nonlinearities.includes(nonlinearity)) {
    throw new InputError(
      `ClassifierFC: nonlinearity must be one of ${nonlinearities.join(', ')}, got ${nonlinearity}`,
    );
  }
  const inputSize = sizeOf(inputShape);
  const layers: Layer[] = [{ kind: 'reshape', shape: [inputSize] }];
  let inputs = inputSize;
  for (let i = 0; i < numHidden; i++) {
    layers.push({ kind: 'dense', inputs, outputs: hiddenDim }, { kind: nonlinearity });
    inputs = hiddenDim;
  }
  layers.push({ kind: 'dense', inputs, outputs: outputSize });
  return sequential(inputShape, layers);
}
