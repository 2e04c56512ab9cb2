import type { Grade } from '../judge/grade';
import { dated, type Mark, type Marks, markOf, marksOf, readMark } from './marks';
import { readOverride } from './override';

/** Points and a comment as they stand in a form. */
export interface Typed {
  readonly points: string;
  readonly comment: string;
}

/** What a form is about: an answer in words, or a criterion, by its id. */
interface Entry extends Typed {
  readonly id: string;
  /** What stood in the form when it was opened; nothing is known of what a program sends. */
  readonly was?: Typed;
}

/** What is to be kept of a form, and of what another tab has given something else meanwhile. */
export interface Settled {
  readonly marks: Marks[string];
  readonly conflicts: readonly string[];
}

/** What is kept of an answer or a criterion, as a form shows it. */
export function shownOf(grade: Grade, id: string, marks: Marks): Typed {
  const answer = grade.written.find((one) => one.id === id);
  const own = marksOf(marks, grade.student);
  const kept: Partial<Mark> = Object.hasOwn(own, id) ? own[id]! : {};
  const { points, comment = '' } = answer ? (markOf(marks, grade.student, answer) ?? {}) : kept;
  return { points: String(points ?? ''), comment };
}

const isSame = (a: Typed, b: Typed) => a.points === b.points && a.comment === b.comment;

/**
 * What of a form is to be kept: what was changed in it. What was not is left as it is kept, whoever
 * changed that since the form was opened; where both changed, nothing is kept.
 *
 * @throws InputError on points that there are not
 */
export function settle(grade: Grade, entries: readonly Entry[], marks: Marks): Settled {
  const before = marksOf(marks, grade.student);
  const settled: Record<string, Mark> = {};
  const conflicts: string[] = [];
  for (const { id, was, ...typed } of entries) {
    const kept = shownOf(grade, id, marks);
    if (isSame(typed, kept) || (was !== undefined && isSame(typed, was))) continue;
    const mark = markFrom(grade, id, typed);
    if (mark === undefined) continue;
    if (was !== undefined && !isSame(was, kept)) conflicts.push(id);
    else settled[id] = dated(mark, Object.hasOwn(before, id) ? before[id] : undefined);
  }
  return { marks: settled, conflicts };
}

function markFrom(grade: Grade, id: string, { points, comment }: Typed): Mark | undefined {
  const answer = grade.written.find((one) => one.id === id);
  if (answer) return readMark(points, comment, answer);
  const verdict = grade.verdicts.find((one) => one.id === id);
  return verdict && readOverride(points, comment, verdict);
}
