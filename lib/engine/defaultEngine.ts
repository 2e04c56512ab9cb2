import { isLoader } from '../data/loader';
import { type Candidates, fasterToEvaluate, fasterToTrain } from './choice';
import type { Engine, Evaluator } from './engine';
import { guarded } from './guard';
import { nativeCurvature } from './native/curvature/curvature';
import { nativeDescent, nativeEvaluator, nativeStatistics } from './native/engine';
import { tfjsEngine } from './tfjs/engine';

/** The lab's own kernels (`native/`), and the reference engine for what they have nothing for. */
export const nativeEngine: Engine = guarded({
  name: 'native (WebAssembly SIMD, all cores)',
  async descend(descent) {
    return await (nativeDescent(descent)?.() ?? tfjsEngine.descend(descent));
  },
  evaluator: (...task) => nativeEvaluator(...task) ?? tfjsEngine.evaluator(...task),
  async statistics(...task) {
    return await (nativeStatistics(...task)?.() ?? tfjsEngine.statistics(...task));
  },
  async curvature(...task) {
    return await (nativeCurvature(...task)?.() ?? tfjsEngine.curvature(...task));
  },
});

const candidates: Candidates = { own: nativeEngine, tfjs: tfjsEngine };

/**
 * The engine that computes wherever the caller names none: the lab's own kernels, or tfjs on a
 * TensorFlow or a GPU that was set up, whichever a trial finds the faster.
 */
export const defaultEngine: Engine = guarded({
  name: nativeEngine.name,
  async descend(descent) {
    const own = nativeDescent(descent);
    const { network, loader } = descent;
    const engine = own ? await fasterToTrain(candidates, network, loader) : tfjsEngine;
    return await (own && engine === nativeEngine ? own() : engine.descend(descent));
  },
  evaluator(...task) {
    const own = nativeEvaluator(...task);
    return own ? fasterEvaluator(own, task) : tfjsEngine.evaluator(...task);
  },
  async statistics(...task) {
    const own = nativeStatistics(...task);
    const [network, weights, dataset] = task;
    const engine = own
      ? await fasterToEvaluate(candidates, network, [weights], dataset, 1)
      : tfjsEngine;
    return await (own && engine === nativeEngine ? own() : engine.statistics(...task));
  },
  curvature: (...task) => nativeEngine.curvature(...task),
});

/** An evaluator that knows who is the faster once it knows how many points there are. */
function fasterEvaluator(own: Evaluator, task: Parameters<Engine['evaluator']>): Evaluator {
  const [network, anchors, samples] = task;
  let other: Evaluator | undefined;
  const at = async (points: readonly unknown[]): Promise<Evaluator> => {
    if (isLoader(samples) || points.length === 0) return own;
    const engine = await fasterToEvaluate(candidates, network, anchors, samples, points.length);
    if (engine === nativeEngine) return own;
    other ??= engine.evaluator(...task);
    return other;
  };
  return {
    evaluate: async (points, options) => await (await at(points)).evaluate(points, options),
    labels: async (points, options) => await (await at(points)).labels(points, options),
    dispose() {
      own.dispose();
      other?.dispose();
    },
  };
}
