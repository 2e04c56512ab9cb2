export { type EpochOptions, type Model, performEpoch } from './performEpoch';
export { type HistoryRow, type TrainOptions, train } from './train';
