import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Notebook, notebookText } from '../../lib/ipynb';
import { studentCopy } from '../../lib/workbook';
import { KINDS, type KindName, submission, wholePart, withCell } from './submit';
import { trainedFiles } from './trained';
import { hostile } from './variants/hostile';
import { right } from './variants/right';
import { wrong } from './variants/wrong';

/** What one student hands in, and the criteria that must earn all their points. */
export interface Student {
  readonly name: string;
  readonly notebook: Notebook;
  readonly earns: readonly string[];
}

/** The i-th of a made-up class; in turn right, wrong, hostile, untouched. */
export function student(i: number): Student {
  const name = `student ${String(i + 1).padStart(2, '0')} é`;
  const nth = Math.floor(i / 4);
  const kinds = ['1', '2'] as const satisfies readonly KindName[];
  const kind = kinds[nth % kinds.length]!;
  if (i % 4 === 0) {
    const some = right.filter(({ name: what }) => !/trained|found by/.test(what));
    const variant = some[nth % some.length]!;
    return { name, notebook: variant.notebook(), earns: KINDS[variant.kind].earns };
  }
  if (i % 4 === 1) {
    const { kind: of, changes, loses } = wrong[(7 * nth) % wrong.length]!;
    const earns = KINDS[of].earns.filter((id) => id !== loses);
    return { name, notebook: submission(of, changes), earns };
  }
  if (i % 4 === 2) {
    // One that waits for its limit would take five minutes of a core for itself.
    const some = hostile.filter((one) => one.keeps && !/endless|without end|rest/.test(one.name));
    const { code } = some[(5 * nth) % some.length]!;
    return { name, notebook: withCell(submission('1'), code), earns: KINDS['1'].earns };
  }
  return { name, notebook: studentCopy(wholePart(kind)), earns: [] };
}

/** A folder a student, with a notebook and the nets of `trainOnce`. */
export function handIn(students: readonly Student[], folder: string): void {
  for (const { name, notebook } of students) {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'part-x.ipynb'), notebookText(notebook));
    for (const file of trainedFiles()) cpSync(file, join(own, basename(file)));
  }
}
