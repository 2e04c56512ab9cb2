import { InputError, NOT_ANSWERED, TEXT_STUB } from '../errors';
import {
  type Cell,
  type CellMetadata,
  cellText,
  type Notebook,
  sourceLines,
  type Text,
} from '../ipynb';
import { isForAll } from './instructor';

/** What stands for an answer in code; the same in nbgrader's settings. */
export const CODE_STUB = `throw new Error('${NOT_ANSWERED}');`;

/** What stands between `BEGIN …` and `END …`, and in which kind of cell it may. */
interface Region {
  readonly name: string;
  readonly kind: 'solution' | 'grade' | 'task';
}

const ANSWER: Region = { name: 'SOLUTION', kind: 'solution' };
const HIDDEN_TESTS: Region = { name: 'HIDDEN TESTS', kind: 'grade' };
const MARK_SCHEME: Region = { name: 'MARK SCHEME', kind: 'task' };

/**
 * The notebook as a student gets it: answers replaced by stubs, hidden tests and mark schemes left
 * out, nothing carried out, the instructor's own cells left out. It is what nbgrader's
 * `generate_assignment` (0.9.6) makes of it, but for the checksums.
 *
 * @throws InputError when a region does not end or does not begin, or stands in another kind of
 *   cell than nbgrader looks for it
 */
export function studentCopy(notebook: Notebook): Notebook {
  const cells = notebook.cells.filter(isForAll).map(studentCell);
  return { ...notebook, cells };
}

function studentCell(cell: Cell): Cell {
  const { nbgrader } = cell.metadata;
  const emptied = { ...cell, source: withoutSecrets(cell) };
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

/** In nbgrader's order, as an answer may hold the others. */
function withoutSecrets(cell: Cell): Text {
  const stub = cell.cell_type === 'code' ? CODE_STUB : TEXT_STUB;
  const text = cellText(cell);
  const answered = withoutRegion(cell, text, ANSWER, stub);
  const isWhole = cell.metadata.nbgrader?.solution && answered === text;
  const tested = withoutRegion(cell, isWhole ? stub : answered, HIDDEN_TESTS);
  const rest = withoutRegion(cell, tested, MARK_SCHEME);
  return rest === text ? cell.source : sourceLines(rest);
}

/** An image that is kept in the cell's attachments, which the student's copy keeps. */
const ATTACHMENT = /!\[.*\]\(attachment:.+?\)/;

/** The text without what the delimiters enclose; the stub stands there at the first's indentation. */
function withoutRegion(cell: Cell, text: string, region: Region, stub?: string): string {
  const [begin, end] = [`BEGIN ${region.name}`, `END ${region.name}`];
  const refuse = (what: string) => new InputError(`cell ${cell.id}: ${what}`);
  const kept: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (line.includes(begin)) {
      if (inside) throw refuse(`${begin} stands twice before ${end}`);
      if (!cell.metadata.nbgrader?.[region.kind]) {
        throw refuse(
          `${begin} stands in a cell that nbgrader's metadata do not call ${region.kind}`,
        );
      }
      if (stub !== undefined) kept.push(`${/^\s*/.exec(line)![0]}${stub}`);
      inside = true;
    } else if (line.includes(end)) {
      if (!inside) throw refuse(`${end} stands before ${begin}`);
      inside = false;
    } else if (!inside) kept.push(line);
    else if (region === MARK_SCHEME && ATTACHMENT.test(line)) {
      throw refuse('a mark scheme has an attachment, which students would get; embed the image');
    }
  }
  if (inside) throw refuse(`${begin} has no ${end}`);
  return kept.join('\n');
}
