import { readFileSync } from 'node:fs';
import { InputError } from './errors';

/** What nbgrader knows of a cell, its metadata schema 3. */
export interface NbgraderCell {
  readonly grade_id: string;
  /** Earns points: by its last value when it is no solution, else by a person's reading. */
  readonly grade: boolean;
  /** Holds an answer, which a student's copy leaves out. */
  readonly solution: boolean;
  readonly locked: boolean;
  readonly task: boolean;
  readonly points?: number;
  readonly schema_version: number;
}

export interface CellMetadata {
  readonly nbgrader?: NbgraderCell;
  readonly tags?: readonly string[];
  readonly deletable?: boolean;
  readonly editable?: boolean;
}

/** Text as nbformat keeps it: whole, or its lines one by one. */
export type Text = string | readonly string[];

/** One output of a cell, as nbformat keeps it; which of the rest it has depends on its type. */
export interface Output {
  readonly output_type: string;
  readonly execution_count?: number | null;
  readonly name?: string;
  readonly text?: Text;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly traceback?: readonly string[];
  readonly [key: string]: unknown;
}

export interface Cell {
  readonly cell_type: string;
  readonly execution_count?: number | null;
  readonly id: string;
  readonly metadata: CellMetadata;
  readonly outputs?: readonly Output[];
  readonly source: Text;
}

/** A notebook of format 4.5, as its file holds it. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly [key: string]: unknown };
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/**
 * @param called what the file is called in errors
 * @param remedy what helps where it is damaged
 * @throws InputError unless the file is a notebook of format 4
 */
export function readNotebook(
  path: string,
  called = path,
  remedy = 'restore it, say by git checkout',
): Notebook {
  let notebook: Partial<Notebook>;
  try {
    notebook = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, '')) as Partial<Notebook>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${called} is no notebook: ${reason}; ${remedy}`);
  }
  if (notebook?.nbformat === 4 && !Array.isArray(notebook.cells)) {
    throw new InputError(`${called} is no notebook: it has no list of cells; ${remedy}`);
  }
  if (notebook?.nbformat !== 4) {
    throw new InputError(
      `${called} is no notebook of format 4: got nbformat ${JSON.stringify(notebook?.nbformat)}; save it anew in JupyterLab`,
    );
  }
  return notebook as Notebook;
}

/** The notebook's text in its file, the way JupyterLab and nbformat write it. */
export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Text in one piece; none is empty. */
export function wholeText(text: Text = ''): string {
  return typeof text === 'string' ? text : text.join('');
}

export function cellText({ source }: Pick<Cell, 'source'>): string {
  return wholeText(source);
}

/** Text as a file's list of lines, each but the last with its newline. */
export function sourceLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** Whether a cell has a tag. */
export function hasTag({ metadata }: Cell, tag: string): boolean {
  return metadata.tags?.includes(tag) ?? false;
}

/** Streams of one name that follow one another as one: a kernel may send what is printed in pieces. */
export function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    const goesOn = [last, output].every((one) => one?.output_type === 'stream');
    if (last === undefined || !goesOn || last.name !== output.name) joined.push(output);
    else joined[joined.length - 1] = { ...last, text: [...linesOf(last), ...linesOf(output)] };
  }
  return joined;
}

function linesOf({ text = [] }: Output): readonly string[] {
  return typeof text === 'string' ? [text] : text;
}
