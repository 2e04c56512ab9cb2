import { join } from 'node:path';
import type { LabSize } from '../notebook/lab';
import { projectRoot } from '../root';
import { cellText, type Notebook } from '../workbook';
import { type Criterion, criteria } from './criteria';
import { evidenceCell } from './evidence';
import type { Isolation, Limits } from './isolation';
import { readMessage, type Shown, shownBy } from './messages';
import { GIVEN, type Occasion, type Plan, type Step } from './protocol';
import { runInSandbox } from './sandbox';
import { statedSize } from './statedSize';
import { taskOf, unjudged, type Verdict, verdictOn } from './verdict';

/** What carrying out one notebook has shown; errors of cells cost nothing by themselves. */
export interface Carried extends Shown {
  readonly verdicts: readonly Verdict[];
  readonly stopped?: string;
  /** How much of the lab it did. */
  readonly size?: LabSize;
}

export interface GradingOptions {
  readonly seed: number;
  /** That which a notebook states, or small where it states none; or the same for all. */
  readonly size: LabSize | 'stated';
  readonly isolation: Isolation;
  readonly limits: Readonly<Record<LabSize, Limits>>;
  /** The points of each criterion, from the instructor's notebooks. */
  readonly points: Readonly<Record<string, number>>;
}

/**
 * Carries out a submitted notebook in the sandbox and judges here what it left. The cells of the
 * workbook's own checks are not carried out; whatever else is in the notebook is.
 *
 * @param files weights and grids that the notebook finds where it keeps its own
 */
export async function gradeNotebook(
  notebook: Notebook,
  options: GradingOptions,
  files: readonly string[] = [],
): Promise<Carried> {
  const { seed, isolation, points } = options;
  const size = options.size === 'stated' ? (statedSize(notebook) ?? 'small') : options.size;
  const limits = options.limits[size];
  const collector = join(projectRoot, 'lib', 'dist', 'grading', 'evidence.js');
  const cells = studentCells(notebook);
  const code = cells.map((cell) => cell.code).join('\n');
  const asked = criteria.filter((criterion) => missingName(criterion, code) === undefined);
  const plan: Plan = {
    steps: stepsOf(notebook, asked, collector),
    taskSeconds: limits.taskSeconds,
    memoryMB: Math.round(0.9 * limits.memoryMB),
  };
  const environment = {
    // Over what the notebook says: a grade is for one size.
    LAB_GRADING_SIZE: size,
    LAB_BACKEND: 'wasm',
    LAB_GRADING_SEED: String(seed),
  };
  const { lines, stopped } = await runInSandbox(
    isolation,
    join('grading', 'inside.js'),
    JSON.stringify(plan),
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

/**
 * What is carried out: the student's cells with a criterion's evidence in the place of its check;
 * then all evidence again, as the notebook has left it; then that of answers that build on earlier
 * ones, with those given.
 */
function stepsOf(notebook: Notebook, asked: readonly Criterion[], collector: string): Step[] {
  const evidence = (criterion: Criterion, occasion: Occasion): Step => ({
    kind: 'evidence',
    id: criterion.id,
    occasion,
    code: evidenceCell(criterion, collector),
  });
  const given = (name: string): Step => ({
    kind: 'given',
    code: `const ${name} = require('pathlab').${name};`,
  });
  const inPlace = codeCells(notebook).flatMap(({ id, check, ...cell }): Step[] => {
    const criterion = asked.find((one) => one.id === id);
    const before: Step[] = check ? [] : [{ kind: 'cell', id, ...cell }];
    return criterion ? [...before, evidence(criterion, 'in place')] : before;
  });
  const building = asked.filter(({ buildsOn }) => buildsOn !== undefined);
  return [
    ...inPlace,
    { kind: 'again' },
    ...asked.map((criterion) => evidence(criterion, 'at the end')),
    ...building.flatMap((criterion): Step[] => [
      given(criterion.buildsOn!),
      { kind: 'again' },
      evidence(criterion, GIVEN),
    ]),
  ];
}

/** The cells that are the student's: the grader has checks of its own. */
function studentCells(notebook: Notebook) {
  return codeCells(notebook).filter(({ check }) => !check);
}

/** Code cells; one that is no task's takes the time of the task before it. */
function codeCells({ cells }: Notebook) {
  let task = '';
  return cells.flatMap((cell) => {
    const { id } = cell;
    if (/^task-\d-\d-/.test(id)) task = taskOf(id);
    const code = cellText(cell);
    return cell.cell_type === 'code' ? [{ id, code, task, check: isCheck(code) }] : [];
  });
}

/** Whether the code is a check of the workbook, whatever its cell is called, and nothing else. */
function isCheck(code: string): boolean {
  return /^\s*await award\(/.test(code) && !/\b(function|class|const|let|var)\b/.test(code);
}

/** A name that the criterion takes from the notebook, and no cell has: it need not be asked for. */
function missingName({ claims, functions }: Criterion, code: string): string | undefined {
  return [...functions, ...Object.values(claims)].find(
    (name) => !new RegExp(`\\b${name}\\b`).test(code),
  );
}
