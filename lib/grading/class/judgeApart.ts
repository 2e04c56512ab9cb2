import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../root';
import { unjudgedGrade } from '../judge/gradeSubmission';
import { NoSandbox } from '../sandbox/run';
import { watchUsage } from '../sandbox/usage';
import type { Answer, Order } from './judgeMain';
import { keepGrade } from './kept';

/** For judging what the notebooks of a student left, in seconds at either size. */
const JUDGING = { small: 300, full: 3600 };
/** The notebooks of a student together may take as long as so many of the longest. */
const NOTEBOOKS = 2;
/** Of the process that judges, beside the sandbox. */
const HEAP_MB = 1000;
export const JUDGE_MB = 2000;

/** They do not outlive this process, however it ends by itself; if it is killed they see to it. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach(killGroup));

/**
 * Grades one submission in a process of its own and keeps the grade. Where that process fails, or
 * takes longer or more memory than any honest submission, the student gets no points and the reason.
 *
 * @throws NoSandbox when this machine cannot carry anything out
 */
export async function gradeApart(order: Order): Promise<{ earned: number; most: number }> {
  const { options } = order;
  const script = join(projectRoot, 'lib', 'dist', 'grading', 'class', 'judgeMain.js');
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, script], {
    cwd: projectRoot,
    env: environment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
  });
  let told: Answer | undefined;
  child.on('message', (answer: Answer) => {
    told = answer;
  });
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(0, 2000);
  });
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(JSON.stringify(order));
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    killGroup(child);
  };
  const sizes = options.size === 'stated' ? (['small', 'full'] as const) : [options.size];
  const seconds = Math.max(
    ...sizes.map((size) => NOTEBOOKS * options.limits[size].seconds + JUDGING[size]),
  );
  const memoryMB = Math.max(...sizes.map((size) => options.limits[size].memoryMB)) + JUDGE_MB;
  const late = setTimeout(() => stop(`it took longer than ${seconds} s in all`), seconds * 1000);
  const watch = watchUsage(child.pid!, ({ megabytes }) => {
    if (megabytes > memoryMB) stop(`it took more than ${memoryMB} MB of memory in all`);
  });
  running.add(child);
  let code: number | null;
  let signal: string | null;
  try {
    [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  } catch (error) {
    throw new NoSandbox(`no process could be started: ${error}`);
  } finally {
    running.delete(child);
    clearTimeout(late);
    watch.end();
  }
  if (told !== undefined && 'noSandbox' in told) throw new NoSandbox(told.noSandbox);
  if (told !== undefined) return told;
  const why = stopped ?? `${signal ?? `exit code ${code}`} ${firstLine(complaints)}`.trim();
  const grade = unjudgedGrade(
    order.submission,
    order.written,
    options,
    `the grader failed on it: ${why}`,
  );
  keepGrade(order.out, grade, order.key);
  console.error(`note: ${order.submission.student} could not be judged: ${why}`);
  return grade;
}

/** What it needs of the grader's environment: tokens that may be there as well are not its business. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'TMPDIR', 'LAB_DATA_DIR', 'LAB_THREADS'];
  const needed = Object.entries(process.env).filter(([name]) => names.includes(name));
  return Object.fromEntries(needed);
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** What a crash says first that is no rule or place in code. */
function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => /error|memory/i.test(line))?.slice(0, 200) ?? '';
}
