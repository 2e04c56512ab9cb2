import { PROGRESS_MIME } from '../../../notebook/progress';
import { emptyFolder, readEvidence } from './evidenceFolder';
import { type Ended, type NotebookKernel, startNotebookKernel } from './notebookKernel';
import { type Message, nameNotFound, type Plan, type Step } from './protocol';
import { LEAST_SECONDS, type TaskTimes, taskTimes } from './taskTimes';

const MOST_OUTPUT = 400e3;
const FINE: Ended = { ok: true };

type Cell = Extract<Step, { kind: 'cell' }>;
type Evidence = Extract<Step, { kind: 'evidence' }>;

/** How the runner speaks with the judge. */
export interface Judge {
  tell(message: Message): void;
  /** Asks for the code of a piece of evidence. */
  ask(step: Evidence): Promise<string>;
}

/** One kernel, and how far it has come. */
interface Session {
  readonly judge: Judge;
  readonly kernel: NotebookKernel;
  readonly times: TaskTimes;
  /** What was told of, in earlier kernels as well, which is not told again. */
  readonly told: Set<Step>;
  /** Cells that did not find a name. */
  readonly nameless: Set<Cell>;
}

/**
 * Carries all out, in a new kernel; returns the step that ended the kernel, if one did.
 *
 * @param deadly what ended an earlier kernel, which is left out
 * @param told what was told of in earlier kernels; what is told of now is added
 */
export async function carryOutAll(
  plan: Plan,
  judge: Judge,
  deadly: ReadonlySet<Step>,
  told: Set<Step>,
): Promise<Step | undefined> {
  let current: Step | undefined;
  const kernel = startNotebookKernel(plan.memoryMB, (type, content) => {
    if (current?.kind !== 'cell' || told.has(current)) return;
    const html = shownBy(type, content);
    if (html !== undefined) judge.tell({ kind: 'output', id: current.id, html });
  });
  const times = taskTimes(plan.taskSeconds);
  const session: Session = { judge, kernel, times, told, nameless: new Set() };
  const carryOut = async (step: Step): Promise<Ended> => {
    current = step;
    if (step.kind === 'cell') return await runCell(step, session);
    if (step.kind === 'given') return await kernel.run(step.code, LEAST_SECONDS);
    if (step.kind === 'evidence') return told.has(step) ? FINE : await collect(step, session);
    for (const cell of [...session.nameless]) {
      told.delete(cell);
      if ((await carryOut(cell)) === 'dead') return 'dead';
    }
    return FINE;
  };
  try {
    for (const step of plan.steps) {
      if (!deadly.has(step) && (await carryOut(step)) === 'dead') return step;
    }
    return undefined;
  } finally {
    await kernel.close();
  }
}

async function runCell(cell: Cell, session: Session): Promise<Ended> {
  const { judge, kernel, times, told, nameless } = session;
  const ended = await times.spend(cell.task, (seconds) => kernel.run(cell.code, seconds));
  const error = ended === 'dead' ? kernel.why : ended.error;
  if (nameNotFound(error) === undefined) nameless.delete(cell);
  else nameless.add(cell);
  judge.tell({ kind: 'cell', id: cell.id, ...(error !== undefined && { error }) });
  told.add(cell);
  return ended;
}

async function collect(step: Evidence, session: Session): Promise<Ended> {
  const { judge, kernel, times, told } = session;
  const folder = process.env.LAB_EVIDENCE!;
  // On all occasions together; a cell of that name has a time of its own.
  const task = `evidence ${step.id}`;
  if (times.left(task) < LEAST_SECONDS) return FINE;
  emptyFolder(folder);
  const code = await judge.ask(step);
  const ended = await times.spend(task, (seconds) => kernel.run(code, seconds));
  const found = ended !== 'dead' && ended.ok ? readEvidence(folder, step.id) : undefined;
  const error = ended === 'dead' ? kernel.why : (ended.error ?? '');
  judge.tell({ ...step, ...(found ?? { error }) });
  told.add(step);
  return ended;
}

/** Pictures and tables, for the page that a person reads. */
function shownBy(type: string, content: object): string | undefined {
  const { data } = content as { data?: Record<string, unknown> };
  const html = data?.['image/svg+xml'] ?? data?.['text/html'];
  if (type !== 'display_data' || typeof html !== 'string') return undefined;
  // A bar as it was when it began.
  if (data?.[PROGRESS_MIME] !== undefined) return undefined;
  return html.length <= MOST_OUTPUT ? html : undefined;
}
