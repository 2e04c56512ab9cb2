import type { Dataset } from '../data';
import type { Curvature } from '../engine';
import { curvatureOf, passesOver } from '../engine/double/curvature';
import { requireDataset } from '../engine/guard';
import { InputError } from '../errors';
import { countParameters, type Network } from '../nn';
import { requireNonNegative } from '../optim/options';
import { denseHessian } from './denseHessian';
import { dot } from './vectors';

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

/** What is added to the mean cross-entropy. */
export interface LossSurfaceOptions {
  /** λ of ½·λ·|w|², over all weights, biases too, as `SGD` has it; by default 0. */
  readonly weightDecay?: number;
}

/**
 * The loss of a fully connected network in double precision, for what float32 is too coarse for: a
 * gradient of 1e-12, the sign of a small eigenvalue. For small networks and few samples, in this
 * thread; `curvatureAt` is the fast one.
 *
 * @param network dense layers, with relu, leakyReLU, sigmoid or tanh between them
 * @param dataset the samples; the loss is their mean
 * @param options what is added to it
 * @throws InputError on other layers, another image shape, labels that are no outputs, no sample, or a
 *   weight decay that is not finite or below 0
 * @example
 * ```ts
 * const surface = lossSurface(network, small);
 * const point = surface.at(parametersToVector(network, w1));
 * const v = new Float64Array(surface.parameters).fill(1);
 * (await point.hessian(v)).length; // → 27
 * ```
 */
export function lossSurface(
  network: Network,
  dataset: Dataset,
  { weightDecay = 0 }: LossSurfaceOptions = {},
): LossSurface {
  requireDataset(network, dataset);
  if (dataset.length === 0) {
    throw new InputError(`lossSurface: ${dataset.name} has no sample; give it some`);
  }
  requireNonNegative('lossSurface', 'weightDecay', weightDecay);
  const passAt = passesOver(network, dataset);
  const at = (weights: Float64Array): SurfacePoint => {
    const pass = passAt(weights);
    const point = {
      ...curvatureOf(network, pass),
      weights: pass.weights,
      matrix: () => denseHessian(pass),
    };
    return weightDecay === 0 ? point : decayed(point, weightDecay);
  };
  return { network, parameters: countParameters(network), at };
}

/** The same with ½·λ·|w|² added. */
function decayed(point: SurfacePoint, lambda: number): SurfacePoint {
  const { weights } = point;
  const plus = async (product: Promise<Float64Array>, v: Float64Array) =>
    (await product).map((x, i) => x + lambda * v[i]!);
  return {
    ...point,
    loss: point.loss + 0.5 * lambda * dot(weights, weights),
    gradient: point.gradient.map((x, i) => x + lambda * weights[i]!),
    hessian: (v) => plus(point.hessian(v), v),
    gaussNewton: (v) => plus(point.gaussNewton(v), v),
    matrix() {
      const matrix = point.matrix();
      for (let i = 0; i < weights.length; i++) {
        matrix[i * weights.length + i] = matrix[i * weights.length + i]! + lambda;
      }
      return matrix;
    },
  };
}
