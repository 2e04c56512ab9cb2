export { apply, applyInTraining } from './apply';
export { ClassifierFC, type ClassifierFCOptions } from './classifierFC';
export { fromTorch, type TorchNames, toTorch } from './fromTorch';
export type { LayerDefinition, LayerKind, NativeOperation, Shape, TrainingPass } from './kind';
export type { Layer, Residual } from './kinds';
export { labelSmoothing } from './labelSmoothing';
export type { BatchNorm } from './layers/batchNorm2d';
export type { Convolution } from './layers/conv2d';
export type { Dense } from './layers/dense';
export type { Dropout } from './layers/dropout';
export type { GELU } from './layers/gelu';
export type { LayerNorm } from './layers/layerNorm';
export type { LeakyReLU } from './layers/leakyReLU';
export type { Nonlinearity, Pointwise } from './layers/nonlinearities';
export type { ChannelsLast, Flatten } from './layers/order';
export type { Pooling } from './layers/pooling';
export type { Reshape } from './layers/reshape';
export type { ZeroPad } from './layers/zeroPad2d';
export {
  countCorrect,
  crossEntropy,
  type LossFunction,
  lossNameOf,
  requireLossFunction,
  sumOverLogits,
  winnerOf,
} from './losses';
export {
  countParameters,
  initialize,
  layerSizes,
  type Network,
  requireWeightsOf,
  sequential,
  stateDictShapes,
  valueSizes,
} from './network';
export { defineLayer, type OwnLayer } from './own';
export { PreResNet, type PreResNetOptions } from './preResNet';
export { parametersToVector, vectorToParameters } from './vector';
export { VGG, type VGGOptions } from './vgg';
