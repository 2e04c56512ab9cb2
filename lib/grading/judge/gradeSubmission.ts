import { basename } from 'node:path';
import type { Notebook } from '../../ipynb';
import { NoSandbox } from '../sandbox/run';
import { readSubmitted } from '../submitted/read';
import { remarks } from '../submitted/remarks';
import type { Submission } from '../submitted/submission';
import { writtenAnswers } from '../submitted/written';
import { givenFiles } from './givenFiles';
import { type Carried, type GradingOptions, gradeNotebook } from './gradeNotebook';
import { taskOf, unjudged, type Verdict } from './verdict';

/** An answer that a person reads. */
export interface Written {
  readonly id: string;
  readonly task: string;
  readonly points: number;
  readonly text: string;
}

/** Characters of pictures and tables that are kept of a student. */
const MOST_SHOWN = 30e6;

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
  })[];
}

type Carry = Grade['notebooks'][number];

/**
 * Grades what one student handed in: every notebook is carried out by itself, and each criterion
 * takes the best that any of them gives. Whatever cannot be read or carried out earns nothing and
 * says why.
 *
 * @throws NoSandbox when this machine cannot carry anything out
 */
export async function gradeSubmission(
  submission: Submission,
  written: readonly Omit<Written, 'text'>[],
  options: GradingOptions,
): Promise<Grade> {
  const { notebooks } = submission;
  const carried: Carry[] = [];
  let shown = 0;
  const best = new Map<string, { readonly verdict: Verdict; readonly tells: number }>();
  const read = new Map<string, Notebook>();
  for (const path of notebooks) {
    const file = basename(path);
    let notebook: Notebook;
    try {
      notebook = readSubmitted(path);
    } catch (error) {
      const unreadable = error instanceof Error ? error.message : String(error);
      carried.push({ file, errors: {}, outputs: {}, unreadable });
      continue;
    }
    read.set(path, notebook);
    const tasks = tasksOf(notebook);
    let found: readonly Verdict[];
    try {
      const files = givenFiles(submission, path);
      const { verdicts: judged, ...rest } = await gradeNotebook(notebook, options, files);
      shown += JSON.stringify(rest.outputs).length;
      const outputs = shown <= MOST_SHOWN ? rest.outputs : {};
      const about = { tasks, remarks: remarks(notebook) };
      carried.push({ file, ...rest, outputs, ...about });
      found = judged;
    } catch (error) {
      if (error instanceof NoSandbox) throw error;
      const unreadable = `the grader failed on it: ${error instanceof Error ? error.message : error}`;
      carried.push({ file, errors: {}, outputs: {}, unreadable });
      continue;
    }
    for (const verdict of found) {
      const tells = tellsOfAnswer(verdict, tasks);
      const before = best.get(verdict.id);
      const more =
        (before && verdict.earned - before.verdict.earned) || tells - (before?.tells ?? -1);
      if (more > 0) best.set(verdict.id, { verdict, tells });
    }
  }
  const ids = written.map(({ id }) => id);
  const answers = writtenAnswers(read, ids);
  const verdicts = new Map([...best].map(([id, { verdict }]) => [id, verdict]));
  return gradeOf(submission, written, options, { carried, verdicts, answers });
}

/** No points for a submission that could not be judged, and why. */
export function unjudgedGrade(
  submission: Submission,
  written: readonly Omit<Written, 'text'>[],
  options: GradingOptions,
  reason: string,
): Grade {
  const carried = submission.notebooks.map((path) => {
    return { file: basename(path), errors: {}, outputs: {}, unreadable: reason };
  });
  const nothing = { carried, verdicts: new Map(), answers: new Map() };
  return gradeOf(submission, written, options, nothing);
}

/** What the notebooks of a submission have come to. */
interface Found {
  readonly carried: readonly Carry[];
  /** The best of each criterion. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Texts, by the ids of their cells. */
  readonly answers: ReadonlyMap<string, string>;
}

function gradeOf(
  { student, time, notes }: Submission,
  written: readonly Omit<Written, 'text'>[],
  options: GradingOptions,
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
    written: written.map((one) => ({ ...one, text: answers.get(one.id) ?? '' })),
    notebooks: carried,
  };
}

/**
 * How much a verdict on one of several notebooks tells of the student's answer: most where the
 * notebook has the task, and then what holds, what kept it from being judged, that there is none.
 */
function tellsOfAnswer({ task, findings, reason }: Verdict, tasks: readonly string[]): number {
  const judged = findings.some(({ verdict }) => verdict !== 'not answered');
  return (tasks.includes(task) ? 3 : 0) + (judged ? 2 : reason === undefined ? 0 : 1);
}

function tasksOf({ cells }: Notebook): string[] {
  const ids = cells.flatMap(({ id, metadata }) => [id, String(metadata.nbgrader?.grade_id)]);
  return [...new Set(ids.filter((id) => /^task-\d-\d-/.test(id)).map(taskOf))];
}
