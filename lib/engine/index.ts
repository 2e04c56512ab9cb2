export {
  type Cost,
  describeCost,
  estimateEvaluation,
  estimateTraining,
} from './cost';
export type { Curvature } from './curvature';
export { defaultEngine, nativeEngine } from './defaultEngine';
export type {
  AtPoint,
  BatchGradient,
  Descent,
  Engine,
  EvaluateOptions,
  Evaluator,
  EvaluatorOptions,
  Figures,
  Metrics,
  StatisticsPass,
} from './engine';
export { requireMemory } from './freeMemory';
export { guarded } from './guard';
export { useThreads } from './native/pool';
export { type Backend, type BackendName, useBackend } from './tfjs/backend';
export { lossAndGradient, tfjsEngine } from './tfjs/engine';
