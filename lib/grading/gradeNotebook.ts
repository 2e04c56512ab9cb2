import { join } from 'node:path';
import type { LabSize } from '../notebook/lab';
import { projectRoot } from '../root';
import { type Cell, cellText, type Notebook } from '../workbook';
import { type Criterion, criteria } from './criteria';
import { evidenceCell } from './evidence';
import type { Isolation, Limits } from './isolation';
import { readMessage, type Shown, shownBy } from './messages';
import type { Plan } from './protocol';
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
  const plan: Plan = {
    cells,
    evidence: criteria
      .filter((criterion) => missingName(criterion, code) === undefined)
      .map((criterion) => ({ id: criterion.id, code: evidenceCell(criterion, collector) })),
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
  const left = { messages: lines.flatMap(readMessage), stopped, seed, size };
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
 * Code cells but the workbook's checks, which the grader has its own of. A cell that is no task's
 * takes the time of the task before it.
 */
function studentCells({ cells }: Notebook): Plan['cells'] {
  let task = '';
  return cells.flatMap((cell) => {
    const { id } = cell;
    if (id.startsWith('task-')) task = taskOf(id);
    const code = cellText(cell);
    return cell.cell_type === 'code' && !isCheck(cell) ? [{ id, code, task }] : [];
  });
}

/** A cell of the workbook's own that gives points, whatever its metadata have become. */
function isCheck(cell: Cell): boolean {
  return criteria.some(({ id }) => id === cell.id) || /^\s*await award\(/.test(cellText(cell));
}

/** A name that the criterion takes from the notebook, and no cell has: it need not be asked for. */
function missingName({ claims, functions }: Criterion, code: string): string | undefined {
  return [...functions, ...Object.values(claims)].find(
    (name) => !new RegExp(`\\b${name}\\b`).test(code),
  );
}
