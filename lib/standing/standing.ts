import { join } from 'node:path';
import { pointsOf } from '../checks/award';
import { type KeptVerdict, keptVerdicts } from '../checks/verdicts';
import type { Lab } from '../notebook/lab';
import { projectRoot } from '../root';
import { type Frame, htmlTable, summaryFrame, textTable } from '../tables';
import { duration, escapeHtml } from '../text';
import { type Earning, type Task, tasksIn } from './tasks';
import { type LongStage, timeLeft } from './timeLeft';

/** How far a student is; a notebook shows it as a table and a few sentences. */
export interface Standing {
  /** A row for each task, points by what its checks found the last time they were run. */
  readonly table: Frame;
  /** Points so far from checks, of those that checks give, and those of answers in words, which a person reads. */
  readonly points: {
    readonly soFar: number;
    readonly ofChecks: number;
    readonly inWriting: number;
  };
  /** As `points`, of tasks that are extra. */
  readonly extra: Standing['points'];
  /** Of the tasks without points, how many hold, and how many there are. */
  readonly withoutPoints: { readonly holding: number; readonly tasks: number };
  /** Tasks whose answer in words is not written yet, as the notebooks were last saved. */
  readonly toWrite: readonly string[];
  /** What of these notebooks takes long and is not kept yet, with about how many seconds it will take on this machine. */
  readonly toRun: readonly LongStage[];
}

/**
 * Where you stand: points so far over all parts, what is still to be written, and how long the rest
 * takes at this size on this machine. It measures the machine for a second or two. Points are what
 * the checks found when you ran them last: a grader runs them anew.
 *
 *     await standing(lab)
 *
 * @param lab whose folder holds what was found and computed
 * @param folder of the notebooks; by default the project's
 * @throws InputError when the folder holds no notebook with tasks
 * @example
 * ```ts
 * // in a notebook
 * const { points } = await standing(openLab());
 * points.ofChecks; // → 7
 * ```
 */
export async function standing(
  lab: Lab,
  folder: string = join(projectRoot, 'notebooks'),
): Promise<Standing> {
  const tasks = tasksIn(folder);
  const verdicts = keptVerdicts(lab.folder);
  const rows = tasks.map((task) => [task.name, rowOf(task, verdicts)] as const);
  const sums = (extra: boolean) =>
    sumOf(
      tasks.filter((one) => one.extra === extra),
      verdicts,
    );
  const free = tasks.filter(({ hasPoints, earnings }) => !hasPoints && earnings.length > 0);
  const holding = free.filter((task) => openIn(task, verdicts).length === 0).length;
  const isHere = ({ task }: LongStage) => tasks.some(({ name }) => name.startsWith(task));
  const found = {
    table: summaryFrame(Object.fromEntries(rows)),
    points: sums(false),
    extra: sums(true),
    withoutPoints: { holding, tasks: free.length },
    toWrite: tasks.filter(isToWrite).map(({ name }) => name),
    toRun: (await timeLeft(lab)).filter(isHere),
  };
  const optional = found.toRun.filter(({ task }) => free.some(({ name }) => name.startsWith(task)));
  return shown(found, optional, lab);
}

/** What was found last of what earns something. */
const verdictOf = ({ name }: Task, { check }: Earning, verdicts: readonly KeptVerdict[]) =>
  verdicts.find((one) => one.task === name && one.name === check);

function rowOf(task: Task, verdicts: readonly KeptVerdict[]) {
  const { soFar, ofChecks, inWriting } = sumOf([task], verdicts);
  return {
    title: task.title,
    'points from checks': task.hasPoints
      ? `${soFar.toFixed(2)} of ${ofChecks.toFixed(2)}`
      : 'no points',
    'in writing': inWriting === 0 ? '' : inWriting.toFixed(2),
    'still open': openIn(task, verdicts).join('; '),
  };
}

function sumOf(tasks: readonly Task[], verdicts: readonly KeptVerdict[]): Standing['points'] {
  const all = tasks.flatMap((task) => task.earnings.map((earning) => ({ task, ...earning })));
  const sum = (values: readonly number[]) => round(values.reduce((total, one) => total + one, 0));
  const most = (isCheck: boolean) =>
    sum(all.filter(({ check }) => (check !== undefined) === isCheck).map(({ points }) => points));
  const earned = all.map((one) => {
    const verdict = verdictOf(one.task, one, verdicts);
    return verdict === undefined ? 0 : pointsOf(one.points, verdict.holding, verdict.findings);
  });
  return { soFar: sum(earned), ofChecks: most(true), inWriting: most(false) };
}

const round = (points: number) => Math.round(100 * points) / 100;

const isToWrite = ({ earnings }: Task) =>
  earnings.some(({ check, written }) => check === undefined && !written);

function openIn(task: Task, verdicts: readonly KeptVerdict[]): string[] {
  return task.earnings.flatMap((earning) => {
    const { check, written } = earning;
    if (check === undefined) return written ? [] : ['the answer in words'];
    const verdict = verdictOf(task, earning, verdicts);
    if (verdict === undefined) return [`${check} was not run`];
    const { holding, findings } = verdict;
    return holding === findings ? [] : [`${check}: ${holding} of ${findings} hold`];
  });
}

/** The sentences under the table. @param optional what of `toRun` is for tasks without points */
function sentences(found: Standing, optional: readonly LongStage[], { size }: Lab): string[] {
  const { points, extra, withoutPoints, toWrite, toRun } = found;
  const bonus = extra.ofChecks > 0 ? `, and ${extra.soFar} of ${extra.ofChecks} extra` : '';
  const all = round(points.inWriting + extra.inWriting);
  const needed = toRun.filter((one) => !optional.includes(one));
  const { holding, tasks } = withoutPoints;
  return [
    `${points.soFar} of ${points.ofChecks} points so far from checks${bonus}; a person gives ` +
      `the ${all} for answers in words.`,
    ...(tasks > 0 ? [`Of the ${tasks} tasks without points ${holding} hold.`] : []),
    toWrite.length > 0
      ? `Still to be written, as the notebooks were last saved: ${toWrite.join(', ')}.`
      : 'Every answer in words is there.',
    needed.length > 0
      ? `Still to be computed at the ${size} size, ${timesOf(needed)}.`
      : `All that takes long${optional.length > 0 ? ' for points' : ''} is computed at the ${size} size.`,
    ...(optional.length > 0
      ? [`Still to be computed for the tasks without points, ${timesOf(optional)}.`]
      : []),
  ];
}

/** How long all take together, and each. */
function timesOf(stages: readonly LongStage[]): string {
  const seconds = stages.reduce((sum, one) => sum + one.seconds, 0);
  const each = stages.map((one) => `${one.task} ${one.what}, about ${duration(one.seconds)}`);
  return `about ${duration(seconds)} on this machine: ${each.join('; ')}`;
}

function shown(found: Standing, optional: readonly LongStage[], lab: Lab): Standing {
  const told = sentences(found, optional, lab);
  const bundle = {
    'text/html': htmlTable(found.table) + told.map((one) => `<p>${escapeHtml(one)}</p>`).join(''),
    'text/plain': [textTable(found.table), ...told].join('\n'),
  };
  return { ...found, [Symbol.for('Jupyter.display')]: () => bundle } as Standing;
}
