import { basename } from 'node:path';
import type { Submission } from '../submitted/submission';
import type { Place } from '../submitted/written';
import type { Carried, GradingOptions } from './gradeNotebook';
import type { Trace } from './traces';
import { taskOf, unjudged, type Verdict } from './verdict';

/** An answer that a person reads. */
export interface Written {
  readonly id: string;
  readonly task: string;
  readonly points: number;
  readonly text: string;
}

/** An answer in words as the workbook has it. */
export interface Wanted extends Omit<Written, 'text'> {
  readonly place?: Place;
}

/** One student's result. */
export interface Grade {
  readonly student: string;
  /** When the latest of the notebooks was changed, in milliseconds since 1970. */
  readonly time: number;
  /** What was left out of what was handed in, and why. */
  readonly notes?: readonly string[];
  /** What the criteria earn, and the most they can. */
  readonly earned: number;
  readonly most: number;
  readonly verdicts: readonly Verdict[];
  readonly written: readonly Written[];
  readonly notebooks: readonly (Omit<Carried, 'verdicts'> & {
    readonly file: string;
    /** What a person should look at, in words. */
    readonly remarks?: readonly string[];
    readonly unreadable?: string;
    /** Those that it has cells of. */
    readonly tasks?: readonly string[];
    /** What it has trained. */
    readonly traces?: readonly Trace[];
  })[];
}

/** What one notebook has come to. */
export type CarriedFile = Grade['notebooks'][number];

/** What the notebooks of a submission have come to. */
export interface Found {
  readonly carried: readonly CarriedFile[];
  /** The best of each criterion. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Texts, by the ids of their cells. */
  readonly answers: ReadonlyMap<string, string>;
}

/** The grade of a submission, by what was found. */
export function gradeOf(
  { student, time, notes }: Submission,
  written: readonly Wanted[],
  options: Pick<GradingOptions, 'points'>,
  { carried, verdicts, answers }: Found,
): Grade {
  const unread = carried.find(({ unreadable }) => unreadable !== undefined)?.unreadable;
  const present = new Set(carried.flatMap(({ tasks = [] }) => tasks));
  const all = Object.entries(options.points).map(([id, points]) => {
    const verdict = verdicts.get(id);
    // Where an editor has changed the cells' names, no task is known to be missing.
    const nameless = present.size === 0 && unread === undefined;
    if (verdict && (verdict.findings.length > 0 || nameless || present.has(verdict.task))) {
      return verdict;
    }
    // What a name of one part is in another says nothing; it may be in what cannot be read.
    return unjudged(id, points, unread ?? `no notebook with Task ${taskOf(id)} was handed in`);
  });
  const sum = (pick: (verdict: Verdict) => number) =>
    Math.round(100 * all.reduce((total, verdict) => total + pick(verdict), 0)) / 100;
  return {
    student,
    time,
    notes,
    earned: sum(({ earned }) => earned),
    most: Object.values(options.points).reduce((total, points) => total + points, 0),
    verdicts: all,
    written: written.map(({ place: _, ...one }) => ({ ...one, text: answers.get(one.id) ?? '' })),
    notebooks: carried,
  };
}

/** No points for a submission that could not be judged, and why. */
export function unjudgedGrade(
  submission: Submission,
  written: readonly Wanted[],
  options: Pick<GradingOptions, 'points'>,
  reason: string,
): Grade {
  const carried = submission.notebooks.map((path) => {
    return { file: basename(path), errors: {}, outputs: {}, unreadable: reason };
  });
  const nothing = { carried, verdicts: new Map(), answers: new Map() };
  return gradeOf(submission, written, options, nothing);
}
