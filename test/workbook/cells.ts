import type { Cell, Notebook } from '../../lib/ipynb';

/** What nbgrader knows of a cell that is nothing in particular. */
export const nbgrader = {
  grade_id: 'x',
  grade: false,
  locked: false,
  task: false,
  schema_version: 3,
};

/** A code cell that has been carried out. */
export function codeCell(source: string, metadata: Cell['metadata'] = {}): Cell {
  return {
    id: 'a-cell',
    cell_type: 'code',
    metadata,
    execution_count: 3,
    outputs: [{ output_type: 'execute_result', execution_count: 3, data: {}, metadata: {} }],
    source: source.split(/(?<=\n)/),
  };
}

export const notebookOf = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: { pathlab: { size: 'full' } },
  nbformat: 4,
  nbformat_minor: 5,
});

/** A function whose answer is marked. */
export const answered = `function f(): number {
  // BEGIN SOLUTION
  const x = 1;
  return x;
  // END SOLUTION
}`;
