import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { appendLine } from '../../files';
import type { Grade } from '../judge/grade';

/** What a student had, and has now. */
export interface Change {
  readonly student: string;
  readonly earned: readonly [number, number];
  /** By the criteria that changed. */
  readonly criteria: Readonly<Record<string, readonly [number, number]>>;
}

/** One judging of grades that were there before. */
export interface Regrade {
  /** ISO 8601. */
  readonly time: string;
  readonly by: string;
  readonly why: string;
  readonly judged: number;
  readonly changed: readonly Change[];
}

const fileOf = (out: string) => join(out, 'regrades.jsonl');

/** Whether grades in a folder were judged again since they were first kept there. */
export const wasRejudged = (out: string) => existsSync(fileOf(out));

/** A student's points, by the criteria as well. */
export interface Points extends Pick<Grade, 'student' | 'earned'> {
  readonly verdicts: readonly Pick<Grade['verdicts'][number], 'id' | 'earned'>[];
}

/** How the points differ, if they do. */
export function changeOf(before: Points, after: Grade): Change | undefined {
  const earnedBefore = new Map(before.verdicts.map(({ id, earned }) => [id, earned]));
  const criteria = after.verdicts.flatMap(({ id, earned }) => {
    const was = earnedBefore.get(id) ?? 0;
    return was === earned ? [] : [[id, [was, earned] as const] as const];
  });
  if (criteria.length === 0 && before.earned === after.earned) return undefined;
  return {
    student: after.student,
    earned: [before.earned, after.earned],
    criteria: Object.fromEntries(criteria),
  };
}

/** Who is at work, for the log. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // A container may run as nobody that it knows.
  }
}

/**
 * Adds a line to `regrades.jsonl` of a folder of grades.
 *
 * @throws InputError when it cannot be written
 */
export function noteRegrade(out: string, regrade: Omit<Regrade, 'time'>): void {
  appendLine(fileOf(out), JSON.stringify({ time: new Date().toISOString(), ...regrade }));
}
