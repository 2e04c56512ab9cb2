export { affineEngine } from './affineEngine';
export { type Backend, type BackendName, useBackend } from './backend';
export type { BatchGradient, Engine, Evaluator, Figures } from './engine';
export { tfjsEngine } from './tfjsEngine';
