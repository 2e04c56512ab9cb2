export { Adam, type AdamOptions, AdamW } from './adam';
export type { Optimizer } from './optimizer';
export {
  constantLR,
  cosineAnnealingLR,
  linearWarmup,
  multiStepLR,
  type Schedule,
  stepLR,
} from './schedules';
export { SGD, type SGDOptions } from './sgd';
