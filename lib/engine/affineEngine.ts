import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../data';
import { applyLayers, type Network, requireWeightsOf } from '../nn';
import { linearCombination, type StateDict } from '../weights';
import type { Engine, Evaluator } from './engine';
import { makeEvaluator } from './evaluate';
import { tfjsEngine } from './tfjsEngine';

/** More than this, in bytes, and the caches are not worth their memory. */
const LARGEST_CACHE = 400e6;
const FLOAT_BYTES = 4;

/**
 * tfjs with a shortcut for many points. On a linear family w(c) = Σₖ cₖ·anchorₖ the first dense
 * layer's pre-activations are linear in c as well: Z(c) = Σₖ cₖ·(X·Wₖᵀ + bₖ). With X·Wₖᵀ + bₖ kept
 * once for each anchor, a point costs no product with the images any more, which for 784-64-10 is
 * 98 % of the arithmetic. Exact but for the order of rounding. A network that does not begin with
 * a dense layer, or whose caches would be too large, is evaluated by the reference engine.
 */
export const affineEngine: Engine = {
  name: 'tfjs, affine first layer',
  lossAndGradient: tfjsEngine.lossAndGradient,
  evaluator,
};

function evaluator(network: Network, anchors: readonly StateDict[], dataset: Dataset): Evaluator {
  const layers = network.layers;
  const first = layers.findIndex(({ kind }) => kind !== 'reshape');
  const dense = layers[first];
  if (
    dense?.kind !== 'dense' ||
    anchors.length * dataset.length * dense.outputs * FLOAT_BYTES > LARGEST_CACHE
  ) {
    return tfjsEngine.evaluator(network, anchors, dataset);
  }
  for (const anchor of anchors) requireWeightsOf(network, anchor);
  return makeEvaluator(
    anchors,
    dataset,
    (x) => anchors.map((anchor) => applyLayers(network, anchor, x, 0, first + 1)),
    (point, weights, caches) =>
      tf.tidy(() => {
        const families = caches.map((z) => ({ z }));
        const { z } = linearCombination(point, families);
        return applyLayers(network, weights, z!, first + 1, layers.length);
      }),
  );
}
