import { type Cell, hasTag } from '../ipynb';

/** Whether a cell of a source is for students too, and not the instructor's alone. */
export function isForAll(cell: Cell): boolean {
  return !hasTag(cell, 'instructor');
}
