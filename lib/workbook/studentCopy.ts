import { NOT_ANSWERED } from '../checks';
import { InputError } from '../errors';
import {
  type Cell,
  type CellMetadata,
  cellText,
  hasTag,
  INSTRUCTOR,
  type Notebook,
  sourceLines,
} from './notebook';

/** What stands for an answer in code; the same in nbgrader's settings. */
export const CODE_STUB = `throw new Error('${NOT_ANSWERED}');`;
/** What stands for an answer in words. */
export const TEXT_STUB = '*Your answer.*';

const BEGIN = 'BEGIN SOLUTION';
const END = 'END SOLUTION';

/**
 * The notebook as a student gets it: answers replaced by stubs, nothing carried out, the
 * instructor's own cells left out. It is what nbgrader's `generate_assignment` makes of it, but for
 * the checksums.
 *
 * @throws InputError when a region of an answer does not end, or does not begin
 */
export function studentCopy(notebook: Notebook): Notebook {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, INSTRUCTOR)).map(studentCell);
  return { ...notebook, cells };
}

function studentCell(cell: Cell): Cell {
  const { nbgrader } = cell.metadata;
  const emptied = nbgrader?.solution ? { ...cell, source: withoutAnswer(cell) } : cell;
  const metadata = nbgrader === undefined ? cell.metadata : protectedMetadata(cell.metadata);
  if (cell.cell_type !== 'code') return { ...emptied, metadata };
  return { ...emptied, metadata, execution_count: null, outputs: [] };
}

/** Answers can be edited and not deleted; what the lab gives can neither. */
function protectedMetadata(metadata: CellMetadata): CellMetadata {
  return metadata.nbgrader?.solution
    ? { ...metadata, deletable: false }
    : { ...metadata, deletable: false, editable: false };
}

/** The lines between the delimiters become the stub, at their indentation; else the whole cell. */
function withoutAnswer(cell: Cell): string[] {
  const lines = cellText(cell).split('\n');
  const kept: string[] = [];
  let inside = false;
  let replaced = false;
  for (const line of lines) {
    if (line.includes(BEGIN)) {
      if (inside) throw new InputError(`cell ${cell.id}: ${BEGIN} stands twice before ${END}`);
      kept.push(`${/^\s*/.exec(line)![0]}${CODE_STUB}`);
      inside = true;
      replaced = true;
    } else if (line.includes(END)) {
      if (!inside) throw new InputError(`cell ${cell.id}: ${END} stands before ${BEGIN}`);
      inside = false;
    } else if (!inside) kept.push(line);
  }
  if (inside) throw new InputError(`cell ${cell.id}: ${BEGIN} has no ${END}`);
  if (replaced) return sourceLines(kept.join('\n'));
  return [cell.cell_type === 'code' ? CODE_STUB : TEXT_STUB];
}
