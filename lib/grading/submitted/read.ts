import { basename } from 'node:path';
import { InputError } from '../../errors';
import { type Cell, type Notebook, openNotebook } from '../../ipynb';

type Metadata = Cell['metadata'];

/** Of a notebook that is read: the longest of the lab has 56. */
const MOST_CELLS = 1000;

/**
 * A submitted notebook, as far as it is one: cells that are none are left out, ids that are missing
 * or taken are those of nbgrader, or made up, metadata that are none are empty.
 *
 * @throws InputError when the file is no notebook of format 4, or of another language's kernel, or has
 *   more cells than any honest one, each of which takes its time in the kernel
 */
export function readSubmitted(path: string): Notebook {
  const name = basename(path);
  const notebook = openNotebook(path, name, 'save it anew in JupyterLab, and hand that in');
  const { kernelspec } = (notebook.metadata ?? {}) as {
    kernelspec?: { language?: unknown } | null;
  };
  const language = kernelspec?.language;
  if (language !== undefined && language !== 'typescript') {
    throw new InputError(`${name} is for a kernel of ${String(language)}, not TypeScript`);
  }
  if (notebook.cells.length > MOST_CELLS) {
    throw new InputError(
      `${name} has ${notebook.cells.length} cells, at most ${MOST_CELLS} are read; leave out those that answer nothing`,
    );
  }
  const taken = new Set<string>();
  const cells = notebook.cells.flatMap((value, i): Cell[] => {
    const { cell_type, source, id, metadata, outputs } = (value ?? {}) as Record<string, unknown>;
    const lines = typeof source === 'string' ? [source] : source;
    if (typeof cell_type !== 'string' || !Array.isArray(lines)) return [];
    if (!lines.every((line) => typeof line === 'string')) return [];
    const known = knownMetadata(metadata);
    const free = freeName([id, known.nbgrader?.grade_id], i, taken);
    taken.add(free);
    const shown = Array.isArray(outputs)
      ? { outputs: outputs as NonNullable<Cell['outputs']> }
      : {};
    return [{ id: free, cell_type, source: lines as string[], metadata: known, ...shown }];
  });
  return { ...notebook, cells };
}

/** Metadata as far as they are some: what claims to be nbgrader's has a name. */
function knownMetadata(metadata: unknown): Metadata {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const { nbgrader, ...others } = metadata as Metadata;
  return typeof nbgrader?.grade_id === 'string' ? { ...others, nbgrader } : others;
}

/** The first of the names that nobody has, else one that counts on from the cell's place. */
function freeName(names: readonly unknown[], place: number, taken: ReadonlySet<string>): string {
  const free = names.find((one) => typeof one === 'string' && one !== '' && !taken.has(one));
  if (typeof free === 'string') return free;
  let n = place + 1;
  while (taken.has(`cell-${n}`)) n++;
  return `cell-${n}`;
}
