export { ClassifierFC, type ClassifierFCOptions } from './classifierFC';
export type { Layer, Nonlinearity } from './layers';
export { countCorrect, crossEntropy, type LossFunction } from './losses';
export {
  apply,
  countParameters,
  initialize,
  type Network,
  requireWeightsOf,
  sequential,
  stateDictShapes,
} from './network';
