import { type Cell, cellText, type Notebook } from '../../ipynb';
import type { Criterion } from '../evidence/criteria';
import { checkOf } from '../submitted/checkCells';
import { taskOf } from './verdict';

/** A cell of code as the judge sees it. */
export interface CodeCell {
  readonly id: string;
  /** What the workbook calls it, as far as is known. */
  readonly name: string;
  readonly code: string;
  /** Whose time it takes: 1.2, say, or nothing before the first task. */
  readonly task: string;
  /** The criterion that it checks, if it is a check of the workbook. */
  readonly check: string | undefined;
}

const TASK = /^task-\d-\d-/;

/**
 * Code cells; one that is no task's takes the time of the task before it.
 *
 * @param checks the code of the workbook's checks, by their criteria
 */
export function codeCells(
  { cells }: Notebook,
  checks: Readonly<Record<string, string>>,
): CodeCell[] {
  let task = '';
  return cells.flatMap((cell) => {
    const { id } = cell;
    const name = nameOf(cell);
    if (TASK.test(name)) task = taskOf(name);
    if (cell.cell_type !== 'code') return [];
    return [{ id, name, code: cellText(cell), task, check: checkOf(cellText(cell), checks) }];
  });
}

/** A name without which there is nothing to ask for: no cell has it, or any of the functions. */
export function missingName({ claims, functions }: Criterion, code: string): string | undefined {
  const isThere = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  const none = functions.some(isThere) ? undefined : functions[0];
  return none ?? Object.values(claims).find((name) => !isThere(name));
}

/** A cell's id in the workbook: its own, or, where an editor gave it another, that of nbgrader. */
function nameOf({ id, metadata }: Cell): string {
  const names = [id, String(metadata.nbgrader?.grade_id)];
  return names.find((name) => TASK.test(name)) ?? id;
}
