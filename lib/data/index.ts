export type { Augmentation } from './augmentation';
export { loadCifar10, loadCifar100 } from './cifar';
export {
  type ByteDataset,
  type Dataset,
  makeDataset,
  type Normalisation,
  subset,
  take,
} from './dataset';
export { type IdxImages, parseIdxImages, parseIdxLabels } from './idx';
export { loadIdxDataset, type TrainAndTest } from './idxDataset';
export { type Batch, type DataLoader, dataLoader, type LoaderOptions } from './loader';
export { loadMnist, mnistChecksums, mnistFolders, otherSet } from './mnist';
export { channelStatistics, normalise } from './normalise';
