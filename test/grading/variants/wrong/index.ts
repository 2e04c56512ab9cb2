import type { Wrong } from '../variant';
import { bend } from './bend';
import { chain } from './chain';
import { interpolation } from './interpolation';
import { lines } from './lines';
import { minima } from './minima';
import { plane } from './plane';
import { sweep } from './sweep';

/** Each breaks one criterion. */
export const wrong: readonly Wrong[] = [
  ...minima,
  ...interpolation,
  ...lines,
  ...chain,
  ...bend,
  ...plane,
  ...sweep,
];
