import { TEXT_STUB } from '../../errors';
import { type Cell, cellText, type Notebook } from '../../ipynb';

/** Where the workbook has an answer: the texts of the cells before and after it. */
export interface Place {
  readonly before: string;
  readonly after: string;
}

/** Characters of an answer in words that are kept. */
const MOST_WRITTEN = 10e3;
/** Characters by which a cell of the workbook is known again. */
const MOST_KNOWN = 500;

/**
 * The answers in words, by the ids of their cells, or, where an editor has taken away ids and metadata,
 * by what stands before and after them; an empty cell is none. Of several notebooks that have one the
 * last saved counts, and of such as were saved at once the last by name.
 *
 * @param notebooks in the order of names, with the time of their last change
 */
export function writtenAnswers(
  notebooks: readonly { readonly notebook: Notebook; readonly time: number }[],
  wanted: readonly { readonly id: string; readonly place?: Place }[],
): Map<string, string> {
  const answers = new Map<string, string>();
  for (const { notebook } of [...notebooks].sort((a, b) => a.time - b.time)) {
    for (const { id, place } of wanted) {
      const named = notebook.cells.filter(
        (one) => one.id === id || one.metadata.nbgrader?.grade_id === id,
      );
      const found = named.length > 0 || !place ? named.map(cellText) : textsAt(notebook, place);
      const texts = found.filter((text) => !['', TEXT_STUB].includes(text.trim()));
      const text = texts.join('\n\n');
      const cut = `${text.slice(0, MOST_WRITTEN)}\n\n… (cut)`;
      if (texts.length > 0) answers.set(id, text.length <= MOST_WRITTEN ? text : cut);
    }
  }
  return answers;
}

/** What is written after a question, in its own cell too, up to what follows in the workbook, or code. */
function textsAt({ cells }: Notebook, { before, after }: Place): string[] {
  const at = cells.findIndex((cell) => isText(cell) && isKnown(cell, before));
  if (at < 0) return [];
  const end = cells.findIndex((cell, i) => i > at && (!isText(cell) || isKnown(cell, after)));
  const own = cellText(cells[at]!).trim();
  const beside = own.startsWith(before.trim()) ? own.slice(before.trim().length).trim() : '';
  const below = cells.slice(at + 1, end < 0 ? cells.length : end).map(cellText);
  return [beside, ...below];
}

const isText = ({ cell_type }: Cell) => cell_type === 'markdown';

/** Whether a cell begins as one of the workbook, whatever was done to its spaces. */
function isKnown(cell: Cell, known: string): boolean {
  const plain = (text: string) => text.slice(0, 2 * MOST_KNOWN).replaceAll(/\s+/g, '');
  const wanted = plain(known).slice(0, MOST_KNOWN);
  return wanted !== '' && plain(cellText(cell)).startsWith(wanted);
}
