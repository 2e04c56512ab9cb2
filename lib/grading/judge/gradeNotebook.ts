import type { Notebook } from '../../ipynb';
import type { LabSize } from '../../notebook/lab';
import { type Criterion, criteria } from '../evidence/criteria';
import type { GivenFile, Isolation, Limits } from '../sandbox/isolation';
import { readMessage, type Shown, shownBy } from '../sandbox/messages';
import { runInSandbox } from '../sandbox/run';
import type { Message, Plan } from '../sandbox/runner/protocol';
import { statedSize } from '../submitted/statedSize';
import { type CodeCell, codeCells, missingName } from './cells';
import { codeAskedFor, stepsOf } from './plan';
import type { Questions } from './questions';
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
  /** The code of the workbook's checks, by their criteria. */
  readonly checks: Readonly<Record<string, string>>;
}

/** What carrying out one notebook has left, by which it is judged, today or later. */
export interface Run {
  readonly messages: readonly Message[];
  readonly stopped?: string;
  readonly size: LabSize;
}

/**
 * Carries out a submitted notebook in the sandbox. The cells of the workbook's own checks are not
 * carried out; whatever else is in the notebook is.
 *
 * @param files what the notebook finds beside it, and where it keeps its own weights and grids
 * @throws NoSandbox when this machine cannot carry anything out
 */
export async function runNotebook(
  notebook: Notebook,
  options: GradingOptions,
  files: readonly GivenFile[] = [],
): Promise<Run> {
  const size = options.size === 'stated' ? (statedSize(notebook) ?? 'small') : options.size;
  const all = codeCells(notebook, options.checks);
  const asked = askedOf(own(all).code);
  const { lines, stopped } = await carriedOut(all, asked, options, size, files);
  const messages = lines.flatMap(readMessage);
  return { messages, size, ...(stopped !== undefined && { stopped }) };
}

/**
 * Judges here what a run has left; nothing is carried out.
 *
 * @param questions what the checks ask for, to be kept with the run, or compared with what was kept
 */
export async function judgeRun(
  notebook: Notebook,
  { messages, stopped, size }: Run,
  options: Pick<GradingOptions, 'seed' | 'checks' | 'points'>,
  questions: Questions,
): Promise<Carried> {
  const { cells, code } = own(codeCells(notebook, options.checks));
  const left = { messages, cells, stopped, seed: options.seed, size, questions };
  const verdicts = await verdictsOn(left, code, options.points);
  const shown = shownBy(messages, new Set(cells.map(({ id }) => id)));
  return { verdicts, ...shown, size, ...(stopped !== undefined && { stopped }) };
}

/** The student's cells: the grader has checks of its own. */
function own(all: readonly CodeCell[]): { cells: CodeCell[]; code: string } {
  const cells = all.filter(({ check }) => check === undefined);
  return { cells, code: cells.map((cell) => cell.code).join('\n') };
}

const askedOf = (code: string) =>
  criteria.filter((criterion) => missingName(criterion, code) === undefined);

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
    if (missing === undefined) left.questions?.asks(criterion);
    verdicts.push(
      missing === undefined
        ? await verdictOn(criterion, worth, left)
        : unjudged(criterion.id, worth, `the notebook has no '${missing}'`),
    );
  }
  return verdicts;
}
