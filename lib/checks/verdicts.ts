import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import type { Check } from './check';

/**
 * What a check found the last time it was run, for the student's own overview. A student can write
 * what they like here: the grader neither reads nor takes it.
 */
export interface KeptVerdict {
  readonly task: string;
  /** The check's name, such as `checkLines`. */
  readonly name: string;
  readonly points: number;
  readonly earned: number;
  /** How many findings hold, of how many. */
  readonly holding: number;
  readonly findings: number;
}

const folderOf = (folder: string) => join(folder, 'verdicts');

/**
 * Keeps what a check found in a lab's folder, a file a check: two notebooks write at once. Where
 * nothing can be written nothing is kept, and the check is as good.
 */
export function keepVerdict(
  folder: string,
  points: number,
  earned: number,
  { task, name, findings }: Check,
): void {
  if (name === undefined) return;
  const verdict: KeptVerdict = {
    ...{ task, name, points, earned },
    holding: findings.filter((one) => one.verdict === 'holds').length,
    findings: findings.length,
  };
  try {
    writeAtomically(join(folderOf(folder), `${task}-${name}.json`), `${JSON.stringify(verdict)}\n`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

/** What the checks found so far, in a lab's folder; a file that is damaged is as none. */
export function keptVerdicts(folder: string): KeptVerdict[] {
  const kept = folderOf(folder);
  const names = existsSync(kept) ? readdirSync(kept).sort() : [];
  return names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readVerdict(join(kept, name)));
}

function readVerdict(path: string): KeptVerdict[] {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as KeptVerdict | null;
    const { points, earned, holding, findings } = read ?? {};
    return [points, earned, holding, findings].every(Number.isFinite) ? [read!] : [];
  } catch {
    return [];
  }
}
