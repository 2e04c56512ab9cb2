export { award, pointsFor } from './award';
export { type BandName, besideBands } from './bands';
export { checkBasis, type OrthogonalDirections } from './basis';
export { type Bend, checkBend } from './bend';
export { checkBendGradient, type GradientAtTheta } from './bendGradient';
export type { Ends } from './bendPlaces';
export { type ChainPoint, checkChain } from './chain';
export { type Check, type CheckName, check, type Finding, type Judge } from './check';
export {
  type BarrierOf,
  type BezierPoint,
  checkBarrier,
  checkBezierPoint,
  checkDisagreement,
  type DisagreementOf,
} from './connected';
export {
  checkDifferenceProduct,
  checkIndexOf,
  checkPowerStep,
  type DifferenceProduct,
  type IndexOf,
  type PowerStep,
} from './curvature';
export { hint } from './hint';
export { checkInterpolation, type LinePoint } from './interpolation';
export { checkLines, type EndsOfModes, type EvaluateOnLine } from './lines';
export { checkMinima, type Minima } from './minima';
export {
  checkMatchingCosts,
  checkPermutation,
  type MatchingCosts,
  type PermuteNeurons,
} from './order';
export { checkPlane, type EvaluateOnPlane } from './plane';
export {
  alongRescalings,
  checkRescaling,
  type Rescaled,
  type RescalingDirection,
} from './rescaling';
export { checkStatistics, type EvaluateOnPath } from './statistics';
export { checkMeasures, checkNetworks, type MeasurePair, type PairMeasures } from './sweep';
export type { TrainOnce } from './traceOfInit';
