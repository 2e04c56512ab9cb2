export { type EpochOptions, type Model, performEpoch } from './performEpoch';
export { sideBySide } from './sideBySide';
export { recomputeStatistics } from './statistics';
export { type HistoryRow, type TrainOptions, train } from './train';
