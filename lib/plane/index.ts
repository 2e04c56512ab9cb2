export {
  disposeBasis,
  orthogonalBasis,
  type Plane,
  type PlaneBasis,
  type PlanePoint,
  planeCoordinates,
  planeStateDict,
} from './basis';
export {
  evaluateGrid,
  type Grid,
  type GridOptions,
  type Rectangle,
  type TrainGrid,
} from './grid';
export { type DirectionOptions, randomDirections } from './randomDirections';
