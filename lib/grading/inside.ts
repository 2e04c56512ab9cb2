import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startInterpreter } from '../kernel/interpreterProcess';
import { PROGRESS_MIME } from '../notebook/progress';

/**
 * Runs in the sandbox: carries out a notebook's cells in a kernel, then the grader's, and tells on
 * standard output what became of each, a JSON object a line. Nothing that it says is trusted.
 *
 * The plan comes as one line on standard input.
 */

export interface Plan {
  readonly cells: readonly {
    readonly id: string;
    readonly code: string;
    /** Its cells share their time. */
    readonly task: string;
  }[];
  /** Carried out last; each leaves a file of its name in `LAB_EVIDENCE`. */
  readonly evidence: readonly { readonly id: string; readonly code: string }[];
  /** The longest that a task's cells together, or a piece of evidence, may take, in seconds. */
  readonly taskSeconds: number;
}

export type Message =
  | { readonly kind: 'cell'; readonly id: string; readonly error?: string }
  | { readonly kind: 'output'; readonly id: string; readonly html: string }
  | {
      readonly kind: 'evidence';
      readonly id: string;
      readonly text?: string;
      readonly error?: string;
    };

/** A kernel that a cell has ended is started again this often, without that cell. */
const MOST_RESTARTS = 3;
/** How long an interrupted cell may take to end. */
const GRACE_MS = 3000;
/** What a cell has at least, when those before it have used up its task's time. */
const LEAST_SECONDS = 5;
const MOST_EVIDENCE = 64e6;
const MOST_OUTPUT = 400e3;

type Ended = { readonly ok: boolean; readonly error?: string } | 'dead';

async function main(): Promise<void> {
  endWithParent();
  const plan = await readPlan();
  const home = process.env.HOME!;
  const folder = join(home, 'evidence');
  mkdirSync(folder, { recursive: true });
  process.env.LAB_EVIDENCE = folder;
  process.env.LAB_OUT = join(home, 'files');
  // A copy, because the notebook may write it anew.
  const given = join(home, 'given');
  if (existsSync(given)) cpSync(given, process.env.LAB_OUT, { recursive: true });
  const deadly = new Set<string>();
  for (let start = 0; start <= MOST_RESTARTS; start++) {
    const fatal = await runAll(plan, deadly, folder, start === MOST_RESTARTS);
    if (fatal === undefined) return;
    deadly.add(fatal);
  }
}

/** Bubblewrap sees to this itself; without it, nothing else would. */
function endWithParent(): void {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) process.kill(-process.pid, 'SIGKILL');
  };
  setInterval(look, 1000).unref();
}

/** Carries all out; returns the cell that ended the kernel, if one did. */
async function runAll(
  plan: Plan,
  deadly: ReadonlySet<string>,
  folder: string,
  last: boolean,
): Promise<string | undefined> {
  let current = '';
  const kernel = startInterpreter({
    publish: (_, type, content) => showOutput(current, type, content),
    ask: (id) => kernel.input(id, ''),
    print: () => undefined,
  });
  let count = 0;
  const run = async (code: string, seconds: number): Promise<Ended> => {
    const id = ++count;
    const label = `In [${id}]`;
    const task = { code, label, count: id, silent: false, allowInput: false, expressions: {} };
    const done = kernel.perform(id, { kind: 'execute', ...task }).then(
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
  try {
    const used = new Map<string, number>();
    for (const { id, code, task } of plan.cells) {
      current = id;
      if (deadly.has(id)) {
        tell({ kind: 'cell', id, error: 'it ended the kernel or could not be stopped' });
        continue;
      }
      const before = used.get(task) ?? 0;
      const begun = performance.now();
      const ended = await run(code, Math.max(LEAST_SECONDS, plan.taskSeconds - before));
      used.set(task, before + (performance.now() - begun) / 1000);
      if (ended === 'dead') return last ? undefined : id;
      tell({ kind: 'cell', id, ...(ended.error !== undefined && { error: ended.error }) });
    }
    for (const { id, code } of plan.evidence) {
      current = '';
      const ended = await run(code, plan.taskSeconds);
      if (ended === 'dead') return undefined;
      tell({
        kind: 'evidence',
        id,
        ...(ended.ok ? readEvidence(folder, id) : { error: ended.error ?? '' }),
      });
    }
    return undefined;
  } finally {
    await kernel.close();
  }
}

function readEvidence(folder: string, id: string): { text?: string; error?: string } {
  const path = join(folder, id);
  if (!existsSync(path) || !lstatSync(path).isFile()) return { error: 'it left no evidence' };
  if (lstatSync(path).size > MOST_EVIDENCE) return { error: 'its evidence is larger than 64 MB' };
  return { text: readFileSync(path, 'utf8') };
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

async function readPlan(): Promise<Plan> {
  for await (const line of createInterface({ input: process.stdin })) {
    return JSON.parse(line) as Plan;
  }
  throw new Error('no plan came');
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
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
