import type { Engine } from './engine';
import { guarded } from './guard';
import { nativeDescent, nativeEvaluator, nativeStatistics } from './native/engine';
import { tfjsEngine } from './tfjs/engine';

/** The lab's own kernels (`native/`), and the reference engine for what they have nothing for. */
export const nativeEngine: Engine = guarded({
  name: 'native (WebAssembly SIMD, all cores)',
  async descend(descent) {
    return await (nativeDescent(descent) ?? tfjsEngine.descend(descent));
  },
  evaluator: (...task) => nativeEvaluator(...task) ?? tfjsEngine.evaluator(...task),
  async statistics(...task) {
    return await (nativeStatistics(...task) ?? tfjsEngine.statistics(...task));
  },
});

/** The engine that computes wherever the caller names none. */
export const defaultEngine: Engine = nativeEngine;
