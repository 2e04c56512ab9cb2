import { type Cell, cellText, type Notebook } from '../../../../lib/ipynb';
import { type KindName, submission } from '../../submit';

/** Answers that are right, though not as the instructor wrote them: they lose nothing. */
export interface Right {
  readonly name: string;
  readonly kind: KindName;
  readonly notebook: () => Notebook;
}

/** The notebook with other cells. */
export function changing(notebook: Notebook, change: (cells: readonly Cell[]) => readonly Cell[]) {
  return { ...notebook, cells: [...change(notebook.cells)] };
}

/** The notebook with another body for one of its functions. */
export function answering(kind: KindName, id: string, body: string): Notebook {
  return changing(submission(kind), (cells) =>
    cells.map((cell) => {
      if (cell.id !== id) return cell;
      const text = cellText(cell).replace(
        /\/\/ BEGIN SOLUTION[\s\S]*\/\/ END SOLUTION/,
        () => body,
      );
      return { ...cell, source: [text] };
    }),
  );
}
