import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { InputError } from './errors';
import { checked, recordOf } from './saved';

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

const TEXT = v.union([v.string(), v.array(v.string())], 'text or its lines');
/** Of what is shown, the kinds that pages show as text. */
const isShowable = (data: Readonly<Record<string, unknown>>) =>
  Object.entries(data).every(([mime, of]) => !/^(text|image)\//.test(mime) || v.is(TEXT, of));
const OUTPUT = v.looseObject({
  output_type: v.string(),
  name: v.optional(v.string()),
  text: v.optional(TEXT),
  traceback: v.optional(v.array(v.string())),
  data: v.optional(v.pipe(recordOf(v.unknown()), v.check(isShowable, 'texts and pictures'))),
});
const CELL = v.looseObject({
  cell_type: v.string(),
  id: v.optional(v.string()),
  metadata: v.optional(
    v.looseObject({
      tags: v.optional(v.array(v.string())),
      nbgrader: v.optional(v.looseObject({ grade_id: v.string() })),
    }),
  ),
  source: TEXT,
  outputs: v.optional(v.array(OUTPUT)),
});
const CELLS = v.looseObject({ cells: v.array(CELL) });

/**
 * @param called what the file is called in errors
 * @param remedy what helps where it is damaged
 * @throws InputError unless the file is a notebook of format 4, whole
 */
export function readNotebook(
  path: string,
  called = path,
  remedy = 'restore it, say by git checkout',
): Notebook {
  const notebook = openNotebook(path, called, remedy);
  checked(notebook, CELLS, { file: called, what: 'notebook', remedy });
  return notebook as Notebook;
}

/** As `readNotebook`, without a look at what its cells are. */
export function openNotebook(
  path: string,
  called: string,
  remedy: string,
): Omit<Notebook, 'cells'> & { readonly cells: readonly unknown[] } {
  let notebook: Partial<Notebook>;
  try {
    notebook = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, '')) as Partial<Notebook>;
  } catch (error) {
    // It quotes from the file, lines and all.
    const reason = String(error instanceof Error ? error.message : error).replaceAll(/\s+/g, ' ');
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
