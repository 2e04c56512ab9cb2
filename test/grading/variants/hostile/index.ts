import type { Hostile } from '../variant';
import { forgery } from './forgery';
import { greed } from './greed';
import { reach } from './reach';

/** Cells behind Part 1's answers. */
export const hostile: readonly Hostile[] = [...greed, ...reach, ...forgery];
