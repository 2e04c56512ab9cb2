export { ClassifierFC, type ClassifierFCOptions } from './classifierFC';
export type { Layer, Nonlinearity } from './layers';
export { countCorrect, crossEntropy, type LossFunction, sumOverLogits } from './losses';
export {
  apply,
  applyLayers,
  countParameters,
  initialize,
  type Network,
  requireWeightsOf,
  sequential,
  stateDictShapes,
} from './network';
