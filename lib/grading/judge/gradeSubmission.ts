import { basename } from 'node:path';
import type { Notebook } from '../../ipynb';
import { NoSandbox } from '../sandbox/run';
import { readSubmitted } from '../submitted/read';
import { remarks } from '../submitted/remarks';
import type { Submission } from '../submitted/submission';
import { writtenAnswers } from '../submitted/written';
import { givenFiles } from './givenFiles';
import { type CarriedFile, type Grade, gradeOf, type Written } from './grade';
import { type GradingOptions, gradeNotebook } from './gradeNotebook';
import { taskOf, type Verdict } from './verdict';

/** Characters of pictures and tables that are kept of a student. */
const MOST_SHOWN = 30e6;

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
  const carried: CarriedFile[] = [];
  const read = new Map<string, Notebook>();
  const all: Told[] = [];
  let shown = 0;
  for (const path of submission.notebooks) {
    const { notebook, file, verdicts } = await carriedOut(path, submission, options);
    if (notebook) read.set(path, notebook);
    shown += JSON.stringify(file.outputs).length;
    carried.push(shown <= MOST_SHOWN ? file : { ...file, outputs: {} });
    all.push(...verdicts.map((verdict) => told(verdict, file.tasks ?? [])));
  }
  const answers = writtenAnswers(
    read,
    written.map(({ id }) => id),
  );
  return gradeOf(submission, written, options, { carried, verdicts: bestOf(all), answers });
}

/** One notebook, with what there is of it where it cannot be read, or the grader fails on it. */
async function carriedOut(
  path: string,
  submission: Submission,
  options: GradingOptions,
): Promise<{ notebook?: Notebook; file: CarriedFile; verdicts: readonly Verdict[] }> {
  const file = basename(path);
  const none = (unreadable: string) => {
    return { file: { file, errors: {}, outputs: {}, unreadable }, verdicts: [] };
  };
  const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
  let notebook: Notebook;
  try {
    notebook = readSubmitted(path);
  } catch (error) {
    return none(messageOf(error));
  }
  try {
    const tasks = tasksOf(notebook);
    const files = givenFiles(submission, path);
    const { verdicts, ...rest } = await gradeNotebook(notebook, options, files);
    return { notebook, file: { file, ...rest, tasks, remarks: remarks(notebook) }, verdicts };
  } catch (error) {
    if (error instanceof NoSandbox) throw error;
    return { notebook, ...none(`the grader failed on it: ${messageOf(error)}`) };
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
