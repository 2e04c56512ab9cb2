import { join } from 'node:path';
import type { Check, Finding } from '../checks';
import type { LabSize } from '../notebook/lab';
import { projectRoot } from '../root';
import { cellText, type Notebook } from '../workbook';
import { type Criterion, criteria } from './criteria';
import { evidenceCell, judge } from './evidence';
import type { Message, Plan } from './inside';
import type { Isolation } from './isolation';
import { type Limits, runInSandbox } from './sandbox';
import { statedSize } from './statedSize';

/** What a criterion earns, and why. */
export interface Verdict {
  readonly id: string;
  readonly task: string;
  readonly points: number;
  readonly earned: number;
  /** Why it was not judged, if it was not: nothing is earned then. */
  readonly reason?: string;
  readonly findings: readonly Finding[];
}

/** What carrying out one notebook has shown. */
export interface Carried {
  readonly verdicts: readonly Verdict[];
  /** Errors of the student's cells, by their ids; they cost nothing by themselves. */
  readonly errors: Readonly<Record<string, string>>;
  /** Pictures and tables, by the cells that showed them. */
  readonly outputs: Readonly<Record<string, readonly string[]>>;
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

/** Characters of pictures and tables that are kept of a notebook, and of a message. */
const MOST_SHOWN = 20e6;
const MOST_TOLD = 500;

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
  };
  const environment = {
    LAB_SIZE: size,
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
  const messages = lines.flatMap(readMessage);
  const verdicts: Verdict[] = [];
  for (const criterion of criteria) {
    const missing = missingName(criterion, code);
    if (missing !== undefined) {
      const reason = `the notebook has no '${missing}'`;
      verdicts.push({ ...nothing(criterion.id, points[criterion.id] ?? 0), reason });
      continue;
    }
    verdicts.push(
      await verdictOn(criterion, messages, stopped, points[criterion.id] ?? 0, seed, size),
    );
  }
  let shown = 0;
  const errors: Record<string, string> = {};
  const outputs: Record<string, string[]> = {};
  for (const message of messages) {
    if (message.kind === 'cell' && message.error !== undefined) {
      errors[message.id] = shortened(message.error);
    }
    if (message.kind === 'output' && shown + message.html.length <= MOST_SHOWN) {
      shown += message.html.length;
      outputs[message.id] = [...(outputs[message.id] ?? []), message.html];
    }
  }
  return { verdicts, errors, outputs, size, ...(stopped !== undefined && { stopped }) };
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
    const check = code.trimStart().startsWith('await award(');
    return cell.cell_type === 'code' && !check ? [{ id, code, task }] : [];
  });
}

async function verdictOn(
  criterion: Criterion,
  messages: readonly Message[],
  stopped: string | undefined,
  points: number,
  seed: number,
  size: LabSize,
): Promise<Verdict> {
  const { id } = criterion;
  const message = messages.find((one) => one.kind === 'evidence' && one.id === id);
  if (message?.kind !== 'evidence') {
    return { ...nothing(id, points), reason: stopped ?? 'its evidence was not collected' };
  }
  if (message.text === undefined)
    return { ...nothing(id, points), reason: shortened(whyNone(message.error)) };
  try {
    const { findings } = await judge(criterion, message.text, seed, size === 'small');
    const told = findings.map((finding) =>
      finding.hint === undefined ? finding : { ...finding, hint: shortened(finding.hint) },
    );
    return { ...nothing(id, points), findings: told, earned: earnedBy({ findings }, points) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...nothing(id, points), reason: shortened(reason.split('\n')[0]!) };
  }
}

const nothing = (id: string, points: number): Verdict => ({
  id,
  task: taskOf(id),
  points,
  earned: 0,
  findings: [],
});

/** A name that the criterion takes from the notebook, and no cell has: it need not be asked for. */
function missingName({ claims, functions }: Criterion, code: string): string | undefined {
  return [...functions, ...Object.values(claims)].find(
    (name) => !new RegExp(`\\b${name}\\b`).test(code),
  );
}

/** What a student's code says may be of any length. */
function shortened(text: string): string {
  return text.length <= MOST_TOLD ? text : `${text.slice(0, MOST_TOLD)} …`;
}

/** The task that a cell of the workbook belongs to: 1.2 for `task-1-2-lines-check`. */
export function taskOf(id: string): string {
  const [, part, task] = /^task-(\d)-(\d)-/.exec(id) ?? [];
  return `${part}.${task}`;
}

/** Why a criterion left no evidence, in words that a student can use. */
function whyNone(error = 'it left no evidence'): string {
  const missing = /Cannot find name '([^']+)'/.exec(error)?.[1];
  return missing === undefined ? error : `the notebook has no '${missing}'`;
}

/** The points times the share of findings that hold, to hundredths. */
function earnedBy({ findings }: Pick<Check, 'findings'>, points: number): number {
  const holding = findings.filter(({ verdict }) => verdict === 'holds').length;
  return findings.length === 0 ? 0 : Math.round((100 * points * holding) / findings.length) / 100;
}

/** A line from the sandbox, if it is a message; whatever else it may be is passed over. */
function readMessage(line: string): Message[] {
  let message: Partial<Record<string, unknown>> | null;
  try {
    message = JSON.parse(line) as typeof message;
  } catch {
    return [];
  }
  if (typeof message !== 'object' || message === null) return [];
  const { kind, id, error, text, html } = message;
  if (typeof id !== 'string') return [];
  if (error !== undefined && typeof error !== 'string') return [];
  if (kind === 'cell') return [message as Message];
  if (kind === 'evidence' && (text === undefined || typeof text === 'string')) {
    return [message as Message];
  }
  return kind === 'output' && typeof html === 'string' ? [message as Message] : [];
}
