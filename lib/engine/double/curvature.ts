import type { Dataset } from '../../data';
import { pixelsOf, unitOf } from '../../data/dataset';
import type { Network } from '../../nn';
import { parametersToVector, requireVector } from '../../nn/vector';
import type { StateDict } from '../../weights';
import type { Curvature } from '../curvature';
import { requireMemory } from '../freeMemory';
import { type Pass, passAt, productWith } from './pass';
import { stepsOf } from './steps';

const DOUBLE = 8;

/** Passes of a fully connected network over a dataset, in double precision and in this thread. */
export function passesOver(network: Network, dataset: Dataset): (w: Float64Array) => Pass {
  const steps = stepsOf(network);
  requireMemory('the images in double precision', DOUBLE * dataset.length * pixelsOf(dataset));
  const images = imagesOf(dataset);
  const labels = dataset.labels.subarray(0, dataset.length);
  return (weights) => {
    requireVector('curvature', network, weights);
    // A copy: products are of this point, whatever the caller makes of the vector.
    return passAt(steps, weights.slice(), images, labels, network.outputSize);
  };
}

/** The images as a batch has them, in double precision. */
function imagesOf(dataset: Dataset): Float64Array {
  const { images, length, imageShape, normalisation } = dataset;
  const unit = unitOf(dataset);
  const pixels = pixelsOf(dataset);
  const channel = pixels / imageShape[0];
  return Float64Array.from({ length: length * pixels }, (_, i) => {
    const x = images[i]! / unit;
    if (normalisation === undefined) return x;
    const c = Math.floor((i % pixels) / channel);
    return (x - normalisation.mean[c]!) / normalisation.std[c]!;
  });
}

/** The `Curvature` at the point of a pass. */
export function curvatureOf(network: Network, pass: Pass): Curvature {
  const product = async (v: Float64Array, ofNetwork: boolean) => {
    requireVector('curvature', network, v);
    return productWith(pass, v, ofNetwork);
  };
  return {
    loss: pass.loss,
    gradient: pass.gradient,
    hessian: (v) => product(v, true),
    gaussNewton: (v) => product(v, false),
    dispose: () => undefined,
  };
}

/** The reference of what is computed faster elsewhere. */
export async function doubleCurvature(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
): Promise<Curvature> {
  return curvatureOf(network, passesOver(network, dataset)(parametersToVector(network, weights)));
}
