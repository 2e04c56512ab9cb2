export { type Backend, type BackendName, useBackend } from './backend';
export {
  type Cost,
  describeCost,
  estimateEvaluation,
  estimateTraining,
  requireMemory,
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
export { guarded } from './guard';
export { nativeEngine } from './native/engine';
export { lossAndGradient, tfjsEngine } from './tfjsEngine';
