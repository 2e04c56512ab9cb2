import { dirname, join, relative, sep } from 'node:path';
import type { GivenFile } from '../sandbox/isolation';

/** Files beside a notebook that go along with it: what a cell can import, and text that it can read. */
export function goesAlong(path: string): boolean {
  return /\.([cm]?[jt]s|json|csv|tsv|txt)$/i.test(path);
}

/** Of a student's files those in a notebook's folder and below, where the notebook will find them. */
export function besideOf(notebook: string, files: readonly string[]): GivenFile[] {
  const folder = dirname(notebook);
  return files
    .filter((file) => file.startsWith(`${folder}${sep}`))
    .map((from) => ({ from, as: join('notebook', relative(folder, from)) }));
}
