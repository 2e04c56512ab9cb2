import { InputError } from '../errors';
import { type Cell, type Notebook, readNotebook } from '../workbook';

/**
 * A submitted notebook, as far as it is one: cells that are none are left out, ids that are missing
 * or taken are made up, metadata that are none are empty.
 *
 * @throws InputError when the file is no notebook of format 4, or of another language's kernel
 */
export function readSubmitted(path: string): Notebook {
  const notebook = readNotebook(path);
  const { kernelspec } = (notebook.metadata ?? {}) as {
    kernelspec?: { language?: unknown } | null;
  };
  const language = kernelspec?.language;
  if (language !== undefined && language !== 'typescript') {
    throw new InputError(`${path} is for a kernel of ${String(language)}, not TypeScript`);
  }
  const taken = new Set<string>();
  const cells = (notebook.cells as readonly unknown[]).flatMap((value, i): Cell[] => {
    const { cell_type, source, id, metadata } = (value ?? {}) as Record<string, unknown>;
    const lines = typeof source === 'string' ? [source] : source;
    if (typeof cell_type !== 'string' || !Array.isArray(lines)) return [];
    if (!lines.every((line) => typeof line === 'string')) return [];
    const name = typeof id === 'string' && !taken.has(id) ? id : `cell-${i + 1}`;
    taken.add(name);
    const known = typeof metadata === 'object' && metadata !== null ? metadata : {};
    return [{ id: name, cell_type, source: lines as string[], metadata: known }];
  });
  return { ...notebook, cells };
}
