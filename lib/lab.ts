/**
 * `pathlab/lab`: what a notebook of the lab uses, from one place: all of `pathlab`, the checks under
 * each task, and the helpers of notebooks. In the lab's kernel `pathlab` is this as well, because
 * notebooks and submissions of before take their checks from there.
 */

export {
  award,
  type BandName,
  type BarrierOf,
  type Bend,
  type BezierPoint,
  besideBands,
  type ChainPoint,
  type Check,
  type CheckName,
  check,
  checkBarrier,
  checkBasis,
  checkBend,
  checkBendGradient,
  checkBezierPoint,
  checkChain,
  checkDisagreement,
  checkInterpolation,
  checkLines,
  checkMatchingCosts,
  checkMeasures,
  checkMinima,
  checkNetworks,
  checkPermutation,
  checkPlane,
  checkStatistics,
  type DisagreementOf,
  type Ends,
  type EndsOfModes,
  type EvaluateOnLine,
  type EvaluateOnPath,
  type EvaluateOnPlane,
  type Finding,
  type GradientAtTheta,
  hint,
  type Judge,
  type LinePoint,
  type MatchingCosts,
  type MeasurePair,
  type Minima,
  type OrthogonalDirections,
  type PairMeasures,
  type PermuteNeurons,
  type TrainOnce,
} from './checks';
export * from './index';
export * from './notebook';
export { type LongStage, type Standing, standing } from './standing';
