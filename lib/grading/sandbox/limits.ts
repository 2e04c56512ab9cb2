import type { LabSize } from '../../notebook/lab';
import type { Limits } from './isolation';

/** Even a kernel that waits is looked after by its runner ten times a second, which takes some time. */
const silentSeconds = 60;
const both = { silentSeconds, memoryMB: 3000, processes: 40, diskMB: 500, outputMB: 300 };

/** What a submission may use at each size; as many run at once as there are cores and memory. */
export const LIMITS: Readonly<Record<LabSize, Limits>> = {
  small: { ...both, seconds: 900, taskSeconds: 300, processorSeconds: 600 },
  full: { ...both, seconds: 4 * 3600, taskSeconds: 2 * 3600, processorSeconds: 4 * 3600 },
};
