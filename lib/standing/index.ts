export { type Standing, standing } from './standing';
export { partsOf } from './tasks';
export type { LongStage } from './timeLeft';
