import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Listener, startProcesses } from 'typescript-notebook-kernel';
import { kernelSetup } from '../../notebook/kernelSetup';
import { PROGRESS_MIME } from '../../notebook/progress';
import { endWithParent } from './endWithParent';
import { BEGUN, linesOf, type Message, nameNotFound, type Plan, type Step } from './protocol';
import { watchUsage } from './usage';

/**
 * Runs in the sandbox: carries out the steps of a plan, cells of a notebook and of the grader, in a
 * kernel, and tells on standard output what became of each, a JSON object a line. Nothing that it
 * says is trusted.
 *
 * The plan is the first line on standard input; then comes what it asks for.
 */

/** A kernel that has been ended is started again this often, without the cell that ended it. */
const MOST_RESTARTS = 5;
/** How long an interrupted cell may take to end. */
const GRACE_MS = 3000;
/** What a cell has at least, when those before it have used up its task's time. */
const LEAST_SECONDS = 5;
const MOST_EVIDENCE = 64e6;
const MOST_OUTPUT = 400e3;

type Cell = Extract<Step, { kind: 'cell' }>;
type Evidence = Extract<Step, { kind: 'evidence' }>;
type Ended = { readonly ok: boolean; readonly error?: string } | 'dead';
const FINE: Ended = { ok: true };

const input = linesOf(process.stdin.setEncoding('utf8'));
const nextLine = async () => (await input.next()).value as string;

async function main(): Promise<void> {
  process.stdout.write(`${BEGUN}\n`);
  // Bubblewrap sees to this itself; without it, nothing else would.
  endWithParent();
  const plan = JSON.parse(await nextLine()) as Plan;
  const folder = process.env.LAB_EVIDENCE!;
  const deadly = new Set<Step>();
  const told = new Set<Step>();
  for (let start = 0; start <= MOST_RESTARTS; start++) {
    const fatal = await runAll(plan, deadly, told, folder);
    if (fatal === undefined) return;
    deadly.add(fatal);
    // It would do so again on the next occasion.
    for (const step of plan.steps) {
      if (step.kind === 'evidence' && fatal.kind === 'evidence' && step.id === fatal.id) {
        deadly.add(step);
      }
    }
  }
  const error = 'the notebook ended its kernel too often, and is not run again';
  for (const step of plan.steps) {
    if (step.kind === 'evidence' && !told.has(step)) tell({ ...named(step), error });
  }
}

/**
 * Carries all out, in a new kernel; returns the step that ended the kernel, if one did.
 *
 * @param deadly what ended an earlier kernel, which is left out
 * @param told what was told of in earlier kernels, which is not told again
 */
async function runAll(
  plan: Plan,
  deadly: ReadonlySet<Step>,
  told: Set<Step>,
  folder: string,
): Promise<Step | undefined> {
  let current: Step | undefined;
  const listener: Listener = {
    publish: (_, type, content) => {
      if (current?.kind === 'cell' && !told.has(current)) showOutput(current.id, type, content);
    },
    ask: (id) => kernel.input(id, ''),
    print: () => undefined,
  };
  const kernel = startProcesses(listener, kernelSetup);
  let why = 'it ended the kernel or could not be stopped';
  const watch = watchUsage(process.pid, ({ megabytes }) => {
    if (megabytes <= plan.memoryMB) return;
    why = `it took more than ${plan.memoryMB} MB of memory`;
    void kernel.close();
  });
  let count = 0;
  const run = async (code: string, seconds: number): Promise<Ended> => {
    const id = ++count;
    const label = `In [${id}]`;
    const cell = { code, label, count: id, silent: false, allowInput: false, expressions: {} };
    const done = kernel.execute(id, cell).then(
      ({ content }): Ended => {
        const error = `${content.ename}: ${content.evalue}`;
        return content.status === 'ok' ? { ok: true } : { ok: false, error };
      },
      (): Ended => 'dead',
    );
    const first = await within(done, seconds * 1000);
    if (first !== undefined) return first;
    kernel.interrupt(id);
    const second = await within(done, GRACE_MS);
    if (second === undefined || second === 'dead') return 'dead';
    return {
      ok: false,
      error: `it took longer than the ${Math.round(seconds)} s left for its task`,
    };
  };
  const used = new Map<string, number>();
  const left = (of: string) => plan.taskSeconds - (used.get(of) ?? 0);
  const runWithin = async (of: string, code: string): Promise<Ended> => {
    const begun = performance.now();
    const ended = await run(code, Math.max(LEAST_SECONDS, left(of)));
    used.set(of, (used.get(of) ?? 0) + (performance.now() - begun) / 1000);
    return ended;
  };
  const nameless = new Set<Cell>();
  const runCell = async (cell: Cell): Promise<Ended> => {
    current = cell;
    const ended = await runWithin(cell.task, cell.code);
    const error = ended === 'dead' ? why : ended.error;
    if (nameNotFound(error) === undefined) nameless.delete(cell);
    else nameless.add(cell);
    tell({ kind: 'cell', id: cell.id, ...(error !== undefined && { error }) });
    told.add(cell);
    current = undefined;
    return ended;
  };
  const collect = async (step: Evidence): Promise<Ended> => {
    // On all occasions together; a cell of that name has a time of its own.
    const of = `evidence ${step.id}`;
    if (left(of) < LEAST_SECONDS) return FINE;
    empty(folder);
    tell({ ...named(step), kind: 'ask' });
    const ended = await runWithin(of, JSON.parse(await nextLine()) as string);
    const found = ended !== 'dead' && ended.ok ? readEvidence(folder, step.id) : undefined;
    const error = ended === 'dead' ? why : (ended.error ?? '');
    tell({ ...named(step), ...(found ?? { error }) });
    told.add(step);
    return ended;
  };
  const carryOut = async (step: Step): Promise<Ended> => {
    if (step.kind === 'cell') return await runCell(step);
    if (step.kind === 'given') return await run(step.code, LEAST_SECONDS);
    if (step.kind === 'evidence') return told.has(step) ? FINE : await collect(step);
    for (const cell of [...nameless]) {
      told.delete(cell);
      if ((await runCell(cell)) === 'dead') return 'dead';
    }
    return FINE;
  };
  try {
    for (const step of plan.steps) {
      if (!deadly.has(step) && (await carryOut(step)) === 'dead') return step;
    }
    return undefined;
  } finally {
    watch.end();
    await kernel.close();
  }
}

function named({ kind, id, occasion }: Evidence): Pick<Evidence, 'kind' | 'id' | 'occasion'> {
  return { kind, id, occasion };
}

function readEvidence(folder: string, id: string): { text?: string; error?: string } {
  const path = join(folder, id);
  if (!existsSync(path) || !lstatSync(path).isFile()) return { error: 'it left no evidence' };
  if (lstatSync(path).size > MOST_EVIDENCE) return { error: 'its evidence is larger than 64 MB' };
  return { text: readFileSync(path, 'utf8') };
}

/** So that nothing was written beforehand, or takes the room of what is to come. */
function empty(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      rmSync(join(folder, name), { force: true, recursive: true });
    }
  } catch {
    // Somebody has closed the folder; then it stays.
  }
}

/** Pictures and tables, for the page that a person reads. */
function showOutput(id: string, type: string, content: object): void {
  const { data } = content as { data?: Record<string, unknown> };
  const html = data?.['image/svg+xml'] ?? data?.['text/html'];
  if (id === '' || type !== 'display_data' || typeof html !== 'string') return;
  // A bar as it was when it began.
  if (data?.[PROGRESS_MIME] !== undefined) return;
  if (html.length <= MOST_OUTPUT) tell({ kind: 'output', id, html });
}

function tell(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

main().then(
  // Once all has been read: a busy grader may take its time.
  () => process.stdout.write('\n', () => process.exit(0)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
