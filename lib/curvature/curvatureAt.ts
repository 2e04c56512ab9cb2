import type { Dataset } from '../data';
import { type Curvature, defaultEngine, type Engine, guarded } from '../engine';
import type { Network } from '../nn';
import { parametersToVector, vectorToParameters } from '../nn/vector';
import type { StateDict } from '../weights';

/** Who computes. */
export interface CurvatureOptions {
  /** By default `defaultEngine`. */
  readonly engine?: Engine;
}

/**
 * The mean cross-entropy of a dataset to second order at a point: loss, gradient and products with
 * the Hessian H and the Gauss–Newton matrix G. For many products at one point, as the spectrum needs
 * them; say with what you find how large the gradient is there, since at a point that is not
 * critical the curvature is only that of a slope. In the native engine and on tfjs numbers are
 * float32, so a product is exact to about 1e-6 of the largest eigenvalue. The network is as in
 * evaluation: BatchNorm by its running statistics, which stay, and nothing dropped. The caller
 * disposes the result.
 *
 * @param network dense layers, convolutions, BatchNorm, pooling, residual blocks, with relu,
 *   leakyReLU, sigmoid or tanh between them; fully connected ones are by far the fastest
 * @param weights the point, which stays the caller's
 * @param dataset the samples; the loss is their mean
 * @throws InputError on other layers, on weights or samples that are not the network's, and on none
 * @example
 * ```ts
 * const curvature = await curvatureAt(network, w1, small);
 * const down = await curvature.hessian(curvature.gradient);
 * down.length === countParameters(network); // → true
 * curvature.dispose();
 * ```
 */
export function curvatureAt(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
  { engine = defaultEngine }: CurvatureOptions = {},
): Promise<Curvature> {
  return guarded(engine).curvature(network, weights, dataset);
}

/**
 * Hv at a point, v and Hv as state dicts, H being the Hessian of the mean cross-entropy: exact, by
 * forward over reverse. `curvatureAt` makes many products at less, and has the Gauss–Newton matrix's
 * as well. The caller disposes the result.
 *
 * @param network as for `curvatureAt`
 * @param weights the point
 * @param v a direction, a tensor for each of the weights; buffers are none
 * @param dataset the samples; the loss is their mean
 * @param options who computes
 * @throws InputError as `curvatureAt`, and when v is no direction of the network's
 * @example
 * ```ts
 * const along = await hessianVectorProduct(network, w1, w2, small);
 * Object.keys(along).length; // → 4
 * ```
 */
export async function hessianVectorProduct(
  network: Network,
  weights: StateDict,
  v: StateDict,
  dataset: Dataset,
  options: CurvatureOptions = {},
): Promise<StateDict> {
  const direction = parametersToVector(network, v);
  const curvature = await curvatureAt(network, weights, dataset, options);
  try {
    return vectorToParameters(network, await curvature.hessian(direction));
  } finally {
    curvature.dispose();
  }
}
