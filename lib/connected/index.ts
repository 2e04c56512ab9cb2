export {
  type Barrier,
  type BarrierOptions,
  barrierMatrix,
  type MatrixOptions,
  pathBarrier,
} from './barriers';
export type { ForkOptions } from './forkOptions';
export { type Fork, forkBarriers, trainForks } from './forks';
export {
  disagreement,
  ensembleAccuracy,
  type ProbabilityOptions,
  probabilitiesAlong,
} from './functions';
export { largestRise } from './largestRise';
export { layersOf, replaceLayers } from './layers';
export { refinedBends } from './refinedBends';
export { type Edge, spanningTree } from './spanningTree';
