import { join } from 'node:path';
import type { LabSize } from '../../notebook/lab';
import { projectRoot } from '../../root';
import { type Cell, cellText, type Notebook } from '../../workbook';
import { type Criterion, criteria } from '../evidence/criteria';
import { evidenceCell } from '../evidence/evidence';
import type { GivenFile, Isolation, Limits } from '../sandbox/isolation';
import { readMessage, type Shown, shownBy } from '../sandbox/messages';
import { GIVEN, type Occasion, type Plan, type Step } from '../sandbox/protocol';
import { runInSandbox } from '../sandbox/run';
import { checkOf, declarationsOf } from '../submitted/checkCells';
import { statedSize } from '../submitted/statedSize';
import { seedOf } from './seeds';
import { taskOf, unjudged, type Verdict, verdictOn } from './verdict';

/** What carrying out one notebook has shown; errors of cells cost nothing by themselves. */
export interface Carried extends Shown {
  readonly verdicts: readonly Verdict[];
  readonly stopped?: string;
  /** How much of the lab it did. */
  readonly size?: LabSize;
}

const TASK = /^task-\d-\d-/;

export interface GradingOptions {
  readonly seed: number;
  /** That which a notebook states, or small where it states none; or the same for all. */
  readonly size: LabSize | 'stated';
  readonly isolation: Isolation;
  readonly limits: Readonly<Record<LabSize, Limits>>;
  /** The points of each criterion, from the instructor's notebooks. */
  readonly points: Readonly<Record<string, number>>;
  /** The code of the workbook's own checks, by the ids of their cells. */
  readonly checks: Readonly<Record<string, string>>;
}

const COLLECTOR = join(projectRoot, 'lib', 'dist', 'grading', 'evidence', 'evidence.js');
/** By its path: a module of the student's may have its name. */
const LIBRARY = join(projectRoot, 'lib', 'dist', 'index.js');

/**
 * Carries out a submitted notebook in the sandbox and judges here what it left. The cells of the
 * workbook's own checks are not carried out; whatever else is in the notebook is.
 *
 * @param files what the notebook finds beside it, and where it keeps its own weights and grids
 */
export async function gradeNotebook(
  notebook: Notebook,
  options: GradingOptions,
  files: readonly GivenFile[] = [],
): Promise<Carried> {
  const { seed, isolation, points, checks } = options;
  const size = options.size === 'stated' ? (statedSize(notebook) ?? 'small') : options.size;
  const limits = options.limits[size];
  const all = codeCells(notebook, checks);
  // The grader has checks of its own.
  const cells = all.filter(({ check }) => check === undefined);
  const code = cells.map((cell) => cell.code).join('\n');
  const asked = criteria.filter((criterion) => missingName(criterion, code) === undefined);
  const plan: Plan = {
    steps: stepsOf(all, asked, checks),
    taskSeconds: limits.taskSeconds,
    memoryMB: Math.round(0.9 * limits.memoryMB),
  };
  const environment = {
    // Over what the notebook says: a grade is for one size.
    LAB_GRADING_SIZE: size,
    LAB_BACKEND: 'wasm',
  };
  const { lines, stopped } = await runInSandbox(
    isolation,
    join('grading', 'sandbox', 'runnerMain.js'),
    JSON.stringify(plan),
    (line) => codeAskedFor(line, asked, seed),
    { environment, files },
    limits,
  );
  const left = { messages: lines.flatMap(readMessage), cells, stopped, seed, size };
  const verdicts: Verdict[] = [];
  for (const criterion of criteria) {
    const worth = points[criterion.id] ?? 0;
    const missing = missingName(criterion, code);
    verdicts.push(
      missing === undefined
        ? await verdictOn(criterion, worth, left)
        : unjudged(criterion.id, worth, `the notebook has no '${missing}'`),
    );
  }
  const shown = shownBy(left.messages, new Set(cells.map(({ id }) => id)));
  return { verdicts, ...shown, size, ...(stopped !== undefined && { stopped }) };
}

/** The code of a piece of evidence, when a line asks for it: whoever may have written the line. */
function codeAskedFor(line: string, asked: readonly Criterion[], seed: number): string | undefined {
  const [message] = line.startsWith('{') && line.length < 1000 ? readMessage(line) : [];
  if (message?.kind !== 'ask') return undefined;
  const criterion = asked.find(({ id }) => id === message.id);
  return JSON.stringify(
    criterion ? evidenceCell(criterion, COLLECTOR, seedOf(seed, criterion.id)) : '',
  );
}

/**
 * What is carried out: the student's cells with a criterion's evidence in the place of its check;
 * then all evidence again, as the notebook has left it; then that of answers that build on earlier
 * ones, with those given.
 */
function stepsOf(
  cells: readonly CodeCell[],
  asked: readonly Criterion[],
  checks: GradingOptions['checks'],
): Step[] {
  const evidence = ({ id }: Criterion, occasion: Occasion): Step => {
    return { kind: 'evidence', id, occasion };
  };
  const given = (code: string): Step => ({ kind: 'given', code });
  const fromLibrary = (name: string) =>
    given(`const ${name} = require(${JSON.stringify(LIBRARY)}).${name};`);
  const inPlace = cells.flatMap(({ id, code, task, name, check }): Step[] => {
    const criterion = asked.find((one) => one.id === (check ?? name));
    const declared = check === undefined ? '' : declarationsOf(checks[check]!);
    return [
      ...(check === undefined ? [{ kind: 'cell', id, code, task } as const] : []),
      ...(declared === '' ? [] : [given(declared)]),
      ...(criterion ? [evidence(criterion, 'in place')] : []),
    ];
  });
  const building = asked.filter(({ buildsOn }) => buildsOn !== undefined);
  return [
    ...inPlace,
    { kind: 'again' },
    ...asked.map((criterion) => evidence(criterion, 'at the end')),
    ...building.flatMap((criterion): Step[] => [
      fromLibrary(criterion.buildsOn!),
      { kind: 'again' },
      evidence(criterion, GIVEN),
    ]),
  ];
}

interface CodeCell {
  readonly id: string;
  /** What the workbook calls it, as far as is known. */
  readonly name: string;
  readonly code: string;
  readonly task: string;
  /** The criterion that it checks, if it is a check of the workbook. */
  readonly check: string | undefined;
}

/** Code cells; one that is no task's takes the time of the task before it. */
function codeCells({ cells }: Notebook, checks: GradingOptions['checks']): CodeCell[] {
  let task = '';
  return cells.flatMap((cell) => {
    const { id } = cell;
    const name = nameOf(cell);
    if (TASK.test(name)) task = taskOf(name);
    if (cell.cell_type !== 'code') return [];
    return [{ id, name, code: cellText(cell), task, check: checkOf(cellText(cell), checks) }];
  });
}

/** A name without which there is nothing to ask for: no cell has it, or any of the functions. */
function missingName({ claims, functions }: Criterion, code: string): string | undefined {
  const isThere = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  const none = functions.some(isThere) ? undefined : functions[0];
  return none ?? Object.values(claims).find((name) => !isThere(name));
}

/** A cell's id in the workbook: its own, or, where an editor gave it another, that of nbgrader. */
function nameOf({ id, metadata }: Cell): string {
  const names = [id, String(metadata.nbgrader?.grade_id)];
  return names.find((name) => TASK.test(name)) ?? id;
}
