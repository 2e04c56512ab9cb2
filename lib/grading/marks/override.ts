import { InputError } from '../../errors';
import type { Grade } from '../judge/grade';
import type { Verdict } from '../judge/verdict';
import { type Mark, type Marks, markOf, marksOf, readPoints } from './marks';

/** A verdict in whose place a person has put points, with the reason. */
export interface Overridden extends Verdict {
  readonly override?: {
    readonly reason: string;
    readonly judged: number;
    /** More than count where the criterion has been made smaller since. */
    readonly given: number;
  };
}

/**
 * A grade with the points that a person gave in the place of the checks': marks under the name of a
 * criterion, whose comment is the reason. They stand whatever is judged again, but no more of them
 * count than the criterion has.
 */
export function overridden(
  grade: Grade,
  marks: Marks,
): Omit<Grade, 'verdicts'> & {
  readonly verdicts: readonly Overridden[];
} {
  const given = marksOf(marks, grade.student);
  let more = 0;
  const verdicts = grade.verdicts.map((verdict: Overridden): Overridden => {
    const { points, comment } = (Object.hasOwn(given, verdict.id) && given[verdict.id]) || {};
    if (points === undefined || verdict.override !== undefined) return verdict;
    const earned = Math.min(points, verdict.points);
    more += earned - verdict.earned;
    const override = { reason: comment!, judged: verdict.earned, given: points };
    return { ...verdict, earned, override };
  });
  return { ...grade, verdicts, earned: Math.round(100 * (grade.earned + more)) / 100 };
}

/** A sentence on each criterion and answer that was given more by hand than it has now. */
export function givenTooMuch(grades: readonly Grade[], marks: Marks): string[] {
  return grades.flatMap((grade) => {
    const given = marksOf(marks, grade.student);
    // What another text was given counts for nothing.
    const read = grade.written.filter(
      (answer) => markOf(marks, grade.student, answer)?.points !== undefined,
    );
    return [...grade.verdicts, ...read].flatMap(({ id, points: most }) => {
      const points = Object.hasOwn(given, id) ? (given[id]?.points ?? 0) : 0;
      if (points <= most) return [];
      const by = `${grade.student}: ${points} given by a person for ${id}`;
      return [`${by}, which has ${most} now, so ${most} count; give it points anew`];
    });
  });
}

/**
 * What a person typed in the place of a criterion's points; nothing takes it back.
 *
 * @throws InputError on other points than the criterion has, or without a reason
 */
export function readOverride(typed: string, reason: string, { id, points: most }: Verdict): Mark {
  const points = readPoints(typed, most, id);
  const comment = reason.trim();
  if (points === undefined) return { comment: '' };
  if (comment === '') {
    throw new InputError(`points for ${id} in the place of the check's need a reason; type one`);
  }
  return { points, comment };
}
