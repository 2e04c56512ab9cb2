import type { DataLoader, Dataset } from '../../data';
import { isLoader, isPlain, ownFunctions } from '../../data/loader';
import { crossEntropy, type Network } from '../../nn';
import { hasBuffers, smallestBatch } from '../../nn/network';
import { ruleOf } from '../../optim/optimizer';
import type { StateDict } from '../../weights';
import { batchSizes } from '../batchSizes';
import type { Descent, Evaluator, EvaluatorOptions, Figures, StatisticsPass } from '../engine';
import { setUpBackend } from '../tfjs/backend';
import { denseKernels, descendNatively, type Kernels, stepsOf } from './descend';
import { evaluatorOf } from './evaluate';
import { imageLayoutOf, imagesCarried } from './images/descend';
import { imageEvaluatorOf } from './images/evaluate';
import { type ImagePlan, imagePlanOf } from './images/plan';
import { imageStatistics } from './images/statistics';
import { isTame, planOf } from './plan';
import { isSparse } from './sparse';

/**
 * The lab's own kernels: WebAssembly with SIMD on all cores.
 *
 * Fully connected networks:
 * - The first layer reads only the pixels that are not 0, four in five of MNIST's being 0.
 * - On a linear family w(c) = Σₖ cₖ·anchorₖ the first layer's values before the nonlinearity are
 *   linear in c: Z(c) = Σₖ cₖ·(X·Wₖᵀ + bₖ). They are made once an anchor and not once a point,
 *   which for 784-64-10 leaves 2 % of the arithmetic. Exact but for the order of rounding.
 * - Trainings that are awaited together share the threads; one alone has all of them, some neurons
 *   and samples each. The figures are the same to the bit for any number of threads.
 *
 * Networks with convolutions, BatchNorm, pooling or dropout (`images/`): all threads work at the
 * same batch, some images each, with the same bits for any number of them as well. A native
 * TensorFlow or a GPU that `LAB_BACKEND` or a caller names computes these networks itself.
 *
 * A verb is undefined where they have nothing for what is asked: other layers, losses or
 * optimizers, images that are floats, normalised or augmented, loaders with an iterator of their own,
 * weights that are not finite or near overflow.
 */
export function nativeDescent(descent: Descent): (() => Promise<Figures>) | undefined {
  const { point, family, loader, lossFunction, optimizer } = descent;
  if (!isPlain(loader) || loader.length === 0) return undefined;
  if (loader.augmentation || !isSparse(loader.dataset)) return undefined;
  const kernels = kernelsFor(descent);
  if (lossFunction !== crossEntropy) return otherLoss(kernels);
  const rule = ruleOf(optimizer);
  const native = rule?.native;
  const weights = [point.weights, ...(family?.fixed ?? [])];
  if (!kernels || !native || !weights.every(isTame)) return undefined;
  const { carried, ...own } = kernels;
  const steps = stepsOf(own.layout, rule, optimizer);
  if (steps === undefined) return undefined;
  return () => descendNatively({ ...own, rule, native, steps }, carried, descent);
}

function kernelsFor(descent: Descent): Kernels | undefined {
  const { network, loader } = descent;
  const plan = planOf(network);
  if (plan) return denseKernels(plan, loader);
  const images = hasVariance(network, loader) ? imagesOf(network) : undefined;
  if (!images) return undefined;
  const carried = imagesCarried(images, descent);
  return { plan: images, layout: imageLayoutOf(images), carried };
}

function imagesOf(network: Network): ImagePlan | undefined {
  return setUpBackend() === 'wanted' ? undefined : imagePlanOf(network);
}

/** Whether each batch surely has as many images as BatchNorm needs; if not, tfjs refuses the one. */
function hasVariance(network: Network, loader: DataLoader): boolean {
  const least = smallestBatch(network);
  if (least === 1) return true;
  const { dataset, batchSize, drop } = loader;
  const last = drop ? 0 : dataset.length % batchSize;
  return ownFunctions(loader).length === 0 && batchSize >= least && (last === 0 || last >= least);
}

export function nativeEvaluator(
  network: Network,
  anchors: readonly StateDict[],
  samples: Dataset | DataLoader,
  { atPoint, lossFunction = crossEntropy, metrics = {} }: EvaluatorOptions = {},
): Evaluator | undefined {
  if (isLoader(samples)) return undefined;
  const plan = planOf(network);
  if (plan && atPoint) return undefined;
  const images = plan ? undefined : imagesOf(network);
  if (lossFunction !== crossEntropy || Object.keys(metrics).length > 0) {
    return otherLoss(plan ?? images);
  }
  if (samples.length === 0 || !isSparse(samples) || !anchors.every(isTame)) return undefined;
  return plan
    ? evaluatorOf(plan, anchors, samples)
    : images && imageEvaluatorOf(images, anchors, samples, atPoint);
}

export function nativeStatistics(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
  { batchSize, signal }: StatisticsPass,
): (() => Promise<StateDict>) | undefined {
  const sizes = batchSizes(network, dataset.length, batchSize);
  const least = smallestBatch(network);
  if (!isSparse(dataset) || sizes.length === 0 || sizes.some((n) => n < least)) return undefined;
  const plan = hasBuffers(network) ? imagesOf(network) : undefined;
  return plan && isTame(weights)
    ? () => imageStatistics(plan, weights, dataset, sizes, signal)
    : undefined;
}

let told = false;

/** Says once what takes longer than one may think, where the network alone would not. */
function otherLoss(plan: object | undefined): undefined {
  if (plan === undefined || told) return undefined;
  told = true;
  console.log(
    'the native engine has kernels for cross-entropy alone: tfjs carries out other losses and ' +
      'metrics, more slowly',
  );
  return undefined;
}
