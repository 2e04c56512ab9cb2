export {
  type Cost,
  describeCost,
  estimateEvaluation,
  estimateTraining,
} from './cost';
export type {
  AtPoint,
  BatchGradient,
  Descent,
  Engine,
  EvaluateOptions,
  Evaluator,
  Figures,
} from './engine';
export { requireMemory } from './freeMemory';
export { guarded } from './guard';
export { nativeEngine } from './native/engine';
export { type Backend, type BackendName, useBackend } from './tfjs/backend';
export { lossAndGradient, tfjsEngine } from './tfjs/engine';
