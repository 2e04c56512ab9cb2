import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Notebook } from '../../ipynb';
import { NoSandbox } from '../sandbox/run';
import { readSubmitted } from '../submitted/read';
import { remarks } from '../submitted/remarks';
import type { Submission } from '../submitted/submission';
import { writtenAnswers } from '../submitted/written';
import { givenFiles } from './givenFiles';
import { type CarriedFile, type Grade, gradeOf, type Wanted } from './grade';
import { type GradingOptions, judgeRun, type Run, runNotebook } from './gradeNotebook';
import type { Questions } from './questions';
import { type Trace, tracesIn } from './traces';
import { taskOf, type Verdict } from './verdict';

/** Characters of pictures and tables that are kept of a student. */
const MOST_SHOWN = 30e6;

/** A notebook of a submission, and what is known of it once it was carried out. */
export interface Opened {
  readonly path: string;
  /** Its last change, in milliseconds since 1970. */
  readonly time: number;
  readonly notebook?: Notebook;
  readonly run?: Run;
  /** Why there is no notebook, or no run of it. */
  readonly unreadable?: string;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Carries out what one student handed in, every notebook by itself. Whatever cannot be read or carried
 * out says why.
 *
 * @throws NoSandbox when this machine cannot carry anything out
 */
export async function runSubmission(
  submission: Submission,
  options: GradingOptions,
): Promise<Opened[]> {
  const all: Opened[] = [];
  for (const path of submission.notebooks) {
    const time = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    let notebook: Notebook | undefined;
    try {
      notebook = readSubmitted(path);
      const run = await runNotebook(notebook, options, givenFiles(submission, path));
      all.push({ path, time, notebook, run });
    } catch (error) {
      if (error instanceof NoSandbox) throw error;
      const unreadable = notebook ? failedOn(error) : messageOf(error);
      all.push({ path, time, unreadable, ...(notebook && { notebook }) });
    }
  }
  return all;
}

const failedOn = (error: unknown) => `the grader failed on it: ${messageOf(error)}`;

/**
 * Judges what a submission has left: each criterion takes the best that any of its notebooks gives.
 * Whatever could not be read or carried out earns nothing and says why.
 *
 * @param questions what the checks ask, by the notebooks
 */
export async function judgeSubmission(
  submission: Submission,
  opened: readonly Opened[],
  written: readonly Wanted[],
  options: Pick<GradingOptions, 'seed' | 'checks' | 'points'>,
  questions: readonly Questions[],
): Promise<Grade> {
  const carried: CarriedFile[] = [];
  const all: Told[] = [];
  let shown = 0;
  for (const [i, one] of opened.entries()) {
    const { file, verdicts } = await judged(one, options, questions[i]!);
    shown += JSON.stringify(file.outputs).length;
    carried.push(shown <= MOST_SHOWN ? file : { ...file, outputs: {} });
    all.push(...verdicts.map((verdict) => told(verdict, file.tasks ?? [])));
  }
  const read = opened.flatMap(({ notebook, time }) => (notebook ? [{ notebook, time }] : []));
  const answers = writtenAnswers(read, written);
  return gradeOf(submission, written, options, { carried, verdicts: bestOf(all), answers });
}

/** One notebook, with what there is of it where it cannot be read, or the grader fails on it. */
async function judged(
  { path, notebook, run, unreadable = '' }: Opened,
  options: Pick<GradingOptions, 'seed' | 'checks' | 'points'>,
  questions: Questions,
): Promise<{ file: CarriedFile; verdicts: readonly Verdict[] }> {
  const file = basename(path);
  const none = (why: string) => {
    return { file: { file, errors: {}, outputs: {}, unreadable: why }, verdicts: [] };
  };
  if (notebook === undefined || run === undefined) return none(unreadable);
  try {
    const tasks = tasksOf(notebook);
    const { verdicts, ...rest } = await judgeRun(notebook, run, options, questions);
    // Parts have claims of the same names.
    const isOfIt = ({ id }: Trace) => tasks.length === 0 || tasks.includes(taskOf(id));
    const traces = tracesIn(run.messages).filter(isOfIt);
    const seen = { tasks, remarks: remarks(notebook), traces };
    return { file: { file, ...rest, ...seen }, verdicts };
  } catch (error) {
    return none(failedOn(error));
  }
}

/** A verdict on one of several notebooks, and how much it tells of the student's answer. */
interface Told {
  readonly verdict: Verdict;
  readonly tells: number;
}

/** The best of each criterion: what earns most, and of as many points what tells most. */
function bestOf(all: readonly Told[]): Map<string, Verdict> {
  const best = new Map<string, Told>();
  for (const one of all) {
    const before = best.get(one.verdict.id);
    const more = before
      ? one.verdict.earned - before.verdict.earned || one.tells - before.tells
      : 1;
    if (more > 0) best.set(one.verdict.id, one);
  }
  return new Map([...best].map(([id, { verdict }]) => [id, verdict]));
}

/**
 * It tells most where the notebook has the task, and then what holds, what kept it from being
 * judged, that there is none.
 */
function told(verdict: Verdict, tasks: readonly string[]): Told {
  const { task, findings, reason } = verdict;
  const judged = findings.some(({ verdict: one }) => one !== 'not answered');
  const tells = (tasks.includes(task) ? 3 : 0) + (judged ? 2 : reason === undefined ? 0 : 1);
  return { verdict, tells };
}

function tasksOf({ cells }: Notebook): string[] {
  const ids = cells.flatMap(({ id, metadata }) => [id, String(metadata.nbgrader?.grade_id)]);
  return [...new Set(ids.filter((id) => /^task-\d-\d-/.test(id)).map(taskOf))];
}
