import { basename, dirname, join, relative, sep } from 'node:path';
import type { GivenFile } from '../sandbox/isolation';
import type { Submission } from '../submitted/submission';

/**
 * What one notebook of a submission finds: the weights and grids of the student in `files`, and
 * what lies in the notebook's folder and below beside it, in `notebook`.
 */
export function givenFiles(
  { saved, beside }: Pick<Submission, 'saved' | 'beside'>,
  notebook: string,
): GivenFile[] {
  const folder = dirname(notebook);
  const besideIt = beside.filter((file) => file.startsWith(`${folder}${sep}`));
  return [
    ...saved.map((from) => ({ from, as: join('files', basename(from)) })),
    ...besideIt.map((from) => ({ from, as: join('notebook', relative(folder, from)) })),
  ];
}
