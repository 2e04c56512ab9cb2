export {
  type Datasets,
  type EvaluationOptions,
  evaluatePath,
  type PathFigures,
} from './evaluatePath';
export { type BendOptions, bendGradient, fitBend } from './fitBend';
export { labelsAlong } from './labelsAlong';
export { linspace } from './linspace';
export { chainLengths, distance, measurePath, type PathMeasures } from './measures';
export {
  pointStatistics,
  type Statistics,
  type StatisticsOptions,
} from './pointStatistics';
export {
  chain,
  chainCoefficients,
  getStateDictFromChain,
  interpolateBetweenStateDicts,
  line,
  type Path,
} from './points';
