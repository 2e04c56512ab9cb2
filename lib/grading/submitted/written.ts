import { TEXT_STUB } from '../../errors';
import { cellText, type Notebook } from '../../ipynb';

/** Characters of an answer in words that are kept. */
const MOST_WRITTEN = 10e3;

/**
 * The answers in words, by the ids of their cells; an empty cell is none. Of several notebooks that
 * have one the last saved counts, and of such as were saved at once the last by name.
 *
 * @param notebooks in the order of names, with the time of their last change
 */
export function writtenAnswers(
  notebooks: readonly { readonly notebook: Notebook; readonly time: number }[],
  ids: readonly string[],
): Map<string, string> {
  const answers = new Map<string, string>();
  for (const { notebook } of [...notebooks].sort((a, b) => a.time - b.time)) {
    for (const id of ids) {
      const texts = notebook.cells
        .filter((one) => one.id === id || one.metadata.nbgrader?.grade_id === id)
        .map(cellText)
        .filter((text) => !['', TEXT_STUB].includes(text.trim()));
      const text = texts.join('\n\n');
      const cut = `${text.slice(0, MOST_WRITTEN)}\n\n… (cut)`;
      if (texts.length > 0) answers.set(id, text.length <= MOST_WRITTEN ? text : cut);
    }
  }
  return answers;
}
