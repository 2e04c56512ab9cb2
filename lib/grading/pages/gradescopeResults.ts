import { findingText, SIGNS } from '../../checks/check';
import type { Grade } from '../judge/grade';
import type { Verdict } from '../judge/verdict';
import type { Tasks } from '../marks/byTask';
import { criterionName } from './criterionName';

/** What Gradescope reads of an autograder: its `results.json`. */
export interface GradescopeResults {
  readonly visibility: 'visible';
  readonly output: string;
  readonly tests: readonly {
    readonly name: string;
    readonly score: number;
    readonly max_score: number;
    readonly output: string;
    readonly output_format: 'text';
    readonly visibility: 'visible';
  }[];
}

/**
 * A grade as Gradescope shows it: a test a criterion, with what holds and what does not. Tests of
 * extra tasks have a `max_score` of 0, so that their points come on top of the assignment's. Answers in
 * words are in none: they are questions that a person grades there.
 */
export function gradescopeResults(grade: Grade, tasks: Tasks): GradescopeResults {
  const { notes = [], notebooks, written } = grade;
  const unreadable = notebooks.flatMap((one) => one.unreadable ?? []);
  const answered = written.filter(({ text }) => text !== '').length;
  const words = `${answered} of ${written.length} answers in words were found; a person reads them.`;
  return {
    visibility: 'visible',
    output: [...notes, ...unreadable, words].join('\n'),
    tests: grade.verdicts.map((verdict) => {
      const isExtra = tasks[verdict.task]?.isExtra ?? false;
      return {
        name: criterionName(verdict, tasks),
        score: verdict.earned,
        max_score: isExtra ? 0 : verdict.points,
        output: saidOf(verdict),
        output_format: 'text',
        visibility: 'visible',
      };
    }),
  };
}

/** What Gradescope shows where nobody could be graded: that is no student's doing. */
export function noResults(reason: string): { output: string; tests: []; score: 0 } {
  const output = `This machine could not grade the submission, which says nothing of it: ${reason}`;
  return { output, tests: [], score: 0 };
}

function saidOf({ reason, note, findings }: Verdict): string {
  const why = reason === undefined ? [] : [`not judged: ${reason}`];
  const how = note === undefined ? [] : [note];
  return [...why, ...how, ...findings.map((f) => `${SIGNS[f.verdict]} ${findingText(f)}`)].join(
    '\n',
  );
}
