import { dataLoader } from '../../lib/data';
import { toyDataset } from '../toy';

export const dataset = toyDataset(60, 1);
/** Nine batches of it, the last of four. */
export const plain = (options = {}) =>
  dataLoader(dataset, { batchSize: 7, shuffle: 3, ...options });
