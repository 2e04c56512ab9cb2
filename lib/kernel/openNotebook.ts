import { readFileSync } from 'node:fs';

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: string | string[] }[];
}

/**
 * The code of the notebook that the kernel is started for, by which the compiler is made ready for
 * it; empty where a front end does not tell which it is. Jupyter's server names its file.
 */
export function openNotebook(path = process.env.JPY_SESSION_NAME ?? ''): string {
  if (!path.endsWith('.ipynb')) return '';
  try {
    const { cells } = JSON.parse(readFileSync(path, 'utf8')) as Notebook;
    return cells
      .filter(({ cell_type }) => cell_type === 'code')
      .map(({ source }) => [source].flat().join(''))
      .join('\n');
  } catch {
    // What is no notebook, or not there yet, is ready for nothing.
    return '';
  }
}
