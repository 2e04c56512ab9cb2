export { arcLength } from './arcLength';
export { bezier, type Curve, chain } from './curves';
export {
  type Datasets,
  evaluatePath,
  type PathFigures,
  type TrainDatasets,
  type TrainFigures,
} from './evaluatePath';
export { type BendOptions, bendGradient, fitBend } from './fitBend';
export { labelsAlong } from './labelsAlong';
export { linspace } from './linspace';
export { chainLengths, distance, measurePath, type PathMeasures } from './measures';
export { checkedOptions, type EvaluationOptions, OPTIONS } from './options';
export { penalties } from './penalties';
export {
  pointStatistics,
  type Statistics,
  type StatisticsOptions,
} from './pointStatistics';
export {
  chainCoefficients,
  getStateDictFromChain,
  interpolateBetweenStateDicts,
  line,
  type Path,
  type PathEnds,
} from './points';
