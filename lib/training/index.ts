export type { HistoryRow, TrainOptions } from './options';
export { type EpochOptions, type Model, performEpoch } from './performEpoch';
export { sideBySide } from './sideBySide';
export { type RecomputeOptions, recomputeStatistics } from './statistics';
export { train } from './train';
