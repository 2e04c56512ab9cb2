import type { Criterion } from './criterion';
import { part1 } from './part1';
import { part2 } from './part2';
import { part3 } from './part3';

export type { Criterion, Given } from './criterion';

/** The criteria of all parts, in the order of the workbook. */
export const criteria: readonly Criterion[] = [...part1, ...part2, ...part3];
