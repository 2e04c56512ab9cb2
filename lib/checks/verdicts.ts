import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';

/**
 * What a check found the last time it was run, for the student's own overview. A student can write
 * what they like here: the grader neither reads nor takes it.
 */
export interface KeptVerdict {
  readonly task: string;
  /** The check's name, such as `checkLines`. */
  readonly name: string;
  /** How many findings hold, of how many. */
  readonly holding: number;
  readonly findings: number;
}

const folderOf = (folder: string) => join(folder, 'verdicts');

/**
 * Keeps what a check found in a lab's folder, a file a check: two notebooks write at once. Where
 * nothing can be written nothing is kept, and the check is as good.
 */
export function keepVerdict(folder: string, verdict: KeptVerdict): void {
  const path = join(folderOf(folder), `${verdict.task}-${verdict.name}.json`);
  try {
    writeAtomically(path, `${JSON.stringify(verdict)}\n`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

/** What the checks found so far, in a lab's folder; a file that is damaged is as none. */
export function keptVerdicts(folder: string): KeptVerdict[] {
  const kept = folderOf(folder);
  const names = existsSync(kept) ? readdirSync(kept) : [];
  return names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readVerdict(join(kept, name)));
}

function readVerdict(path: string): KeptVerdict[] {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as KeptVerdict;
    return [read.holding, read.findings].every(Number.isFinite) ? [read] : [];
  } catch {
    return [];
  }
}
