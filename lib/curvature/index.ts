export {
  type CriticalPoint,
  type CriticalPointOptions,
  findCriticalPoint,
  type Landscape,
} from './criticalPoints';
export {
  type CurvatureOptions,
  curvatureAt,
  hessianVectorProduct,
} from './curvatureAt';
export {
  type Extremes,
  type ExtremesOptions,
  extremeEigenvalues,
  type RitzPair,
} from './extremes';
export type { SymmetricProduct } from './lanczos';
export {
  type LossSurface,
  type LossSurfaceOptions,
  lossSurface,
  type SurfacePoint,
} from './lossSurface';
export {
  type AlongOptions,
  type CurvatureFigures,
  curvatureAlong,
  type MeasureOptions,
  measureCurvature,
} from './measure';
export { findMinimum } from './minimum';
export {
  type Density,
  type DensityOptions,
  densityAt,
  type Estimate,
  spectralDensity,
} from './quadrature';
export { smallImages } from './smallImages';
export { hessianIndex, type Spectrum, symmetricEigen, symmetricEigenvalues } from './spectrum';
export { type TrajectoryPlane, trajectoryPlane } from './trajectoryPlane';
