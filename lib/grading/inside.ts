import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startInterpreter } from '../kernel/interpreterProcess';
import { PROGRESS_MIME } from '../notebook/progress';
import { BEGUN, type Message, type Plan } from './protocol';
import { watchUsage } from './usage';

/**
 * Runs in the sandbox: carries out a notebook's cells in a kernel, then the grader's, and tells on
 * standard output what became of each, a JSON object a line. Nothing that it says is trusted.
 *
 * The plan comes as one line on standard input.
 */

/** A kernel that has been ended is started again this often, without the cell that ended it. */
const MOST_RESTARTS = 5;
/** How long an interrupted cell may take to end. */
const GRACE_MS = 3000;
/** What a cell has at least, when those before it have used up its task's time. */
const LEAST_SECONDS = 5;
const MOST_EVIDENCE = 64e6;
const MOST_OUTPUT = 400e3;

type Ended = { readonly ok: boolean; readonly error?: string } | 'dead';

async function main(): Promise<void> {
  process.stdout.write(`${BEGUN}\n`);
  endWithParent();
  const plan = JSON.parse(await text(process.stdin)) as Plan;
  const home = process.env.HOME!;
  const folder = process.env.LAB_EVIDENCE!;
  process.env.LAB_OUT = join(home, 'files');
  // A copy, because the notebook may write it anew.
  const given = join(home, 'given');
  if (existsSync(given)) cpSync(given, process.env.LAB_OUT, { recursive: true });
  const deadly = new Set<string>();
  const told = new Set<string>();
  for (let start = 0; start <= MOST_RESTARTS; start++) {
    const fatal = await runAll(plan, deadly, told, folder);
    if (fatal === undefined) return;
    deadly.add(fatal);
  }
  const error = `the notebook ended its kernel ${deadly.size} times, and is not run again`;
  for (const { id } of plan.evidence.filter((one) => !told.has(one.id))) {
    tell({ kind: 'evidence', id, error });
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

/**
 * Carries all out, in a new kernel; returns the id of what ended the kernel, if something did.
 *
 * @param deadly what ended an earlier kernel, which is left out
 * @param told what was told of in earlier kernels, which is not told again
 */
async function runAll(
  plan: Plan,
  deadly: ReadonlySet<string>,
  told: Set<string>,
  folder: string,
): Promise<string | undefined> {
  let current = '';
  const kernel = startInterpreter({
    publish: (_, type, content) => {
      if (!told.has(current)) showOutput(current, type, content);
    },
    ask: (id) => kernel.input(id, ''),
    print: () => undefined,
  });
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
      if (deadly.has(id)) continue;
      current = id;
      const before = used.get(task) ?? 0;
      const begun = performance.now();
      const ended = await run(code, Math.max(LEAST_SECONDS, plan.taskSeconds - before));
      used.set(task, before + (performance.now() - begun) / 1000);
      if (!told.has(id)) {
        const error = ended === 'dead' ? why : ended.error;
        tell({ kind: 'cell', id, ...(error !== undefined && { error }) });
        told.add(id);
      }
      if (ended === 'dead') return id;
    }
    current = '';
    for (const { id, code } of plan.evidence) {
      if (deadly.has(id) || told.has(id)) continue;
      empty(folder);
      const ended = await run(code, plan.taskSeconds);
      const left = ended !== 'dead' && ended.ok ? readEvidence(folder, id) : undefined;
      const error = ended === 'dead' ? why : (ended.error ?? '');
      tell({ kind: 'evidence', id, ...(left ?? { error }) });
      told.add(id);
      if (ended === 'dead') return id;
    }
    return undefined;
  } finally {
    watch.end();
    await kernel.close();
  }
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
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
