export { type Dataset, makeDataset, subset, take } from './dataset';
export { type IdxImages, parseIdxImages, parseIdxLabels } from './idx';
export { loadIdxDataset, type TrainAndTest } from './idxDataset';
export { type Batch, type DataLoader, dataLoader, type LoaderOptions } from './loader';
export { loadMnist, mnistChecksums, mnistFolders } from './mnist';
