import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../root';
import { unjudgedGrade } from '../judge/grade';
import type { GradingOptions } from '../judge/gradeNotebook';
import { NoSandbox } from '../sandbox/run';
import { killGroup, watchLimits } from '../sandbox/watchLimits';
import { dropEvidence } from './evidence';
import type { Answer, Order } from './judgeMain';
import { keepGrade } from './kept';

/** For judging what the notebooks of a student left, in seconds at either size. */
export const JUDGING = { small: 300, full: 3600 };
/** The notebooks of a student together may take as long as so many of the longest. */
const NOTEBOOKS = 2;
/** Of the process that judges, beside the sandbox. */
const HEAP_MB = 1000;
/** What it may take in all, its sandbox left out. */
export const JUDGE_MB = 2000;

const JUDGE = join(projectRoot, 'lib', 'dist', 'grading', 'class', 'judgeMain.js');

/** They do not outlive this process, however it ends by itself; if it is killed they see to it. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach(killGroup));

/**
 * Grades one submission in a process of its own and keeps the grade. Where that process fails, or
 * takes longer or more memory than any honest submission, the student gets no points and the reason.
 *
 * @throws NoSandbox when this machine cannot carry anything out
 */
export async function judgeApart(order: Order): Promise<{ earned: number; most: number }> {
  const child = startApart(JUDGE, order);
  let told: Answer | undefined;
  child.on('message', (answer: Answer) => {
    told = answer;
  });
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(0, 2000);
  });
  const limit = watchLimits(child, limitsOf(order.options), ' in all');
  let why: string;
  let stopped: string | undefined;
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    why = `${signal ?? `exit code ${code}`} ${firstLine(complaints)}`.trim();
  } catch (error) {
    throw new NoSandbox(`no process could be started: ${error}`);
  } finally {
    stopped = limit.end();
  }
  if (told !== undefined && 'noSandbox' in told) throw new NoSandbox(told.noSandbox);
  return told ?? keepUnjudged(order, stopped ?? why);
}

/** Starts a program of ours as the leader of a group; it gets the order as JSON, and our number. */
export function startApart(program: string, order: object): ChildProcess {
  const args = [`--max-old-space-size=${HEAP_MB}`, program, String(process.pid)];
  const child = spawn(process.execPath, args, {
    cwd: projectRoot,
    env: environment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
  });
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(JSON.stringify(order));
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Longer and more memory than any honest submission of that size takes. */
function limitsOf({ size, limits }: GradingOptions) {
  const sizes = size === 'stated' ? (['small', 'full'] as const) : [size];
  return {
    seconds: Math.max(...sizes.map((one) => NOTEBOOKS * limits[one].seconds + JUDGING[one])),
    memoryMB: Math.max(...sizes.map((one) => limits[one].memoryMB)) + JUDGE_MB,
  };
}

/** Keeps that the student gets no points, and why. */
function keepUnjudged({ submission, written, options, out, key }: Order, why: string) {
  const grade = unjudgedGrade(submission, written, options, `the grader failed on it: ${why}`);
  dropEvidence(out, submission.student);
  keepGrade(out, grade, key);
  console.error(`note: ${submission.student} could not be judged: ${why}`);
  return grade;
}

/** What it needs of the grader's environment: tokens that may be there as well are not its business. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'TMPDIR', 'LAB_DATA_DIR', 'LAB_THREADS'];
  const needed = Object.entries(process.env).filter(([name]) => names.includes(name));
  return Object.fromEntries(needed);
}

/** What a crash says first that is no rule or place in code. */
function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => /error|memory/i.test(line))?.slice(0, 200) ?? '';
}
