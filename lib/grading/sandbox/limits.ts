import type { LabSize } from '../../notebook/lab';
import type { Limits } from './isolation';

const both = { memoryMB: 3000, processes: 40, diskMB: 500, outputMB: 300 };

/** What a submission may use at each size; as many run at once as there are cores and memory. */
export const LIMITS: Readonly<Record<LabSize, Limits>> = {
  small: { ...both, seconds: 900, taskSeconds: 300 },
  full: { ...both, seconds: 4 * 3600, taskSeconds: 2 * 3600 },
};
