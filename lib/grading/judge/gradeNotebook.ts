import type { Notebook } from '../../ipynb';
import type { LabSize } from '../../notebook/lab';
import { type Criterion, criteria } from '../evidence/criteria';
import type { GivenFile, Isolation, Limits } from '../sandbox/isolation';
import { readMessage, type Shown, shownBy } from '../sandbox/messages';
import { runInSandbox } from '../sandbox/run';
import type { Plan } from '../sandbox/runner/protocol';
import { statedSize } from '../submitted/statedSize';
import { type CodeCell, codeCells, missingName } from './cells';
import { codeAskedFor, stepsOf } from './plan';
import { type Left, unjudged, type Verdict, verdictOn } from './verdict';

/** What carrying out one notebook has shown; errors of cells cost nothing by themselves. */
export interface Carried extends Shown {
  readonly verdicts: readonly Verdict[];
  /** The limit that it went over. */
  readonly stopped?: string;
  /** How much of the lab it did. */
  readonly size?: LabSize;
}

/** The same for every submission of a class. */
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

/**
 * Carries out a submitted notebook in the sandbox and judges here what it left. The cells of the
 * workbook's own checks are not carried out; whatever else is in the notebook is.
 *
 * @param files what the notebook finds beside it, and where it keeps its own weights and grids
 * @throws NoSandbox when this machine cannot carry anything out
 */
export async function gradeNotebook(
  notebook: Notebook,
  options: GradingOptions,
  files: readonly GivenFile[] = [],
): Promise<Carried> {
  const size = options.size === 'stated' ? (statedSize(notebook) ?? 'small') : options.size;
  const all = codeCells(notebook, options.checks);
  // The grader has checks of its own.
  const cells = all.filter(({ check }) => check === undefined);
  const code = cells.map((cell) => cell.code).join('\n');
  const asked = criteria.filter((criterion) => missingName(criterion, code) === undefined);
  const { lines, stopped } = await carriedOut(all, asked, options, size, files);
  const left = { messages: lines.flatMap(readMessage), cells, stopped, seed: options.seed, size };
  const verdicts = await verdictsOn(left, code, options.points);
  const shown = shownBy(left.messages, new Set(cells.map(({ id }) => id)));
  return { verdicts, ...shown, size, ...(stopped !== undefined && { stopped }) };
}

async function carriedOut(
  cells: readonly CodeCell[],
  asked: readonly Criterion[],
  { seed, isolation, checks, limits }: GradingOptions,
  size: LabSize,
  files: readonly GivenFile[],
) {
  const { taskSeconds, memoryMB } = limits[size];
  const plan: Plan = {
    steps: stepsOf(cells, asked, checks),
    taskSeconds,
    memoryMB: Math.round(0.9 * memoryMB),
  };
  const environment = {
    // Over what the notebook says: a grade is for one size.
    LAB_GRADING_SIZE: size,
    LAB_BACKEND: 'wasm',
  };
  return await runInSandbox(
    isolation,
    JSON.stringify(plan),
    (line) => codeAskedFor(line, asked, seed),
    { environment, files },
    limits[size],
  );
}

/** One on each criterion, in their order; what the notebook has no name of is not looked for. */
async function verdictsOn(
  left: Left,
  code: string,
  points: GradingOptions['points'],
): Promise<Verdict[]> {
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
  return verdicts;
}
