import { basename } from 'node:path';
import { InputError, TEXT_STUB } from '../../errors';
import { cellText, type Notebook } from '../../ipynb';
import type { LabSize } from '../../notebook/lab';
import { CODE_STUB } from '../../workbook';
import { findSubmissions } from './find';
import { readSubmitted } from './read';
import { remarks } from './remarks';
import { statedSize } from './statedSize';

/** What of a submission the grader will read. */
export interface ReadBack {
  readonly student: string;
  /** Names of notebooks, each with the size that it states, if it does. */
  readonly notebooks: ReadonlyMap<string, LabSize | undefined>;
  /** How many nets, grids and figures. */
  readonly saved: number;
  /** What is left out or cannot be read, in sentences. */
  readonly refused: readonly string[];
  /** What is not answered yet, in words. */
  readonly missing: readonly string[];
  /** What a person will look at. */
  readonly remarks: readonly string[];
}

/**
 * Reads what one student hands in as the grader does: what it takes, what it leaves out, what is not there.
 *
 * @param parts names of the notebooks that there should be, each with the ids of its answers
 * @throws InputError when there is no notebook in it, as the grader's own
 */
export function readBack(
  paths: readonly string[],
  parts: ReadonlyMap<string, readonly string[]>,
): ReadBack {
  const { submissions, notes } = findSubmissions(paths);
  const [submission] = submissions;
  const refused = [...notes];
  const read = new Map<string, Notebook>();
  for (const path of submission!.notebooks) {
    try {
      read.set(basename(path), readSubmitted(path));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused.push(error.message);
    }
  }
  const missing = [...parts].flatMap(([name, answers]) => {
    const notebook = read.get(name);
    const isThere = submission!.notebooks.some((path) => basename(path) === name);
    const told = `${name} ${isThere ? 'cannot be read' : 'is not there'}`;
    if (notebook === undefined) return answers.length > 0 ? [told] : [];
    return answers.flatMap((id) => whyMissing(notebook, id)).map((why) => `${name}: ${why}`);
  });
  return {
    student: submission!.student,
    notebooks: new Map([...read].map(([name, notebook]) => [name, statedSize(notebook)])),
    saved: submission!.saved.length,
    refused,
    missing,
    remarks: [...read].flatMap(([name, one]) => remarks(one).map((told) => `${name}: ${told}`)),
  };
}

/** The ids of the cells that hold answers, in a student's copy. */
export function answersIn({ cells }: Notebook): string[] {
  return cells.filter(({ metadata }) => metadata.nbgrader?.solution).map(({ id }) => id);
}

function whyMissing({ cells }: Notebook, id: string): string[] {
  const cell = cells.find((one) => one.id === id || one.metadata.nbgrader?.grade_id === id);
  if (cell === undefined) return [`the cell ${id} is gone`];
  const text = cellText(cell);
  if (cell.cell_type === 'code') {
    return text.includes(CODE_STUB) ? [`${id} is not answered yet`] : [];
  }
  return ['', TEXT_STUB].includes(text.trim()) ? [`${id}, in words, is not written yet`] : [];
}
