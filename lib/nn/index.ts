export { apply, applyInTraining } from './apply';
export { ClassifierFC, type ClassifierFCOptions } from './classifierFC';
export type {
  BatchNorm,
  ChannelsLast,
  Convolution,
  Dense,
  Dropout,
  Flatten,
  Layer,
  Pointwise,
  Pooling,
  Reshape,
  ZeroPad,
} from './kinds';
export type { Nonlinearity } from './layers/nonlinearities';
export { countCorrect, crossEntropy, type LossFunction, sumOverLogits, winnerOf } from './losses';
export {
  countParameters,
  initialize,
  layerSizes,
  type Network,
  requireWeightsOf,
  sequential,
  stateDictShapes,
} from './network';
export { VGG, type VGGOptions } from './vgg';
