import type { Dataset } from '../data';
import type { Curvature } from '../engine';
import { curvatureOf, passesOver } from '../engine/double/curvature';
import { requireDataset } from '../engine/guard';
import { InputError } from '../errors';
import { countParameters, type Network } from '../nn';
import { denseHessian } from './denseHessian';

/** A point of a `LossSurface`: its `Curvature`, in double precision. */
export interface SurfacePoint extends Curvature {
  /** The point itself. */
  readonly weights: Float64Array;
  /** The whole Hessian, [parameters, parameters] row-major: for a few thousand parameters at most. */
  matrix(): Float64Array;
}

/** The mean cross-entropy of a network on a dataset as a function of its weights as a vector. */
export interface LossSurface {
  readonly network: Network;
  readonly parameters: number;
  /** @throws InputError on another number of weights */
  at(weights: Float64Array): SurfacePoint;
}

/**
 * The loss of a fully connected network in double precision, for what float32 is too coarse for: a
 * gradient of 1e-12, the sign of a small eigenvalue. For small networks and few samples, in this
 * thread; `curvatureAt` is the fast one.
 *
 * @param network dense layers, with relu, leakyReLU, sigmoid or tanh between them
 * @param dataset the samples; the loss is their mean
 * @throws InputError on other layers, another image shape, labels that are no outputs, or no sample
 * @example
 * ```ts
 * const surface = lossSurface(network, small);
 * const point = surface.at(parametersToVector(network, w1));
 * const v = new Float64Array(surface.parameters).fill(1);
 * (await point.hessian(v)).length; // → 27
 * ```
 */
export function lossSurface(network: Network, dataset: Dataset): LossSurface {
  requireDataset(network, dataset);
  if (dataset.length === 0) {
    throw new InputError(`lossSurface: ${dataset.name} has no sample; give it some`);
  }
  const passAt = passesOver(network, dataset);
  const at = (weights: Float64Array): SurfacePoint => {
    const pass = passAt(weights);
    return { ...curvatureOf(network, pass), weights, matrix: () => denseHessian(pass) };
  };
  return { network, parameters: countParameters(network), at };
}
