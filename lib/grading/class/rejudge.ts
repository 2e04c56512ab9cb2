import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../../files';
import { projectRoot } from '../../root';
import { readSealed, sealed } from '../../saved';
import { sideBySide } from '../../training';
import { watchLimits } from '../sandbox/watchLimits';
import { JUDGE_MB, JUDGING, startApart } from './judgeApart';
import { keptGrade, keptGrades } from './kept';
import { accountName, type Change, changeOf, noteRegrade, type Points } from './regrades';
import type { Again, Judged } from './rejudgeMain';

const PROGRAM = join(projectRoot, 'lib', 'dist', 'grading', 'class', 'rejudgeMain.js');

/** What became of a class that was judged again. */
export interface Rejudged {
  readonly judged: number;
  readonly changed: readonly Change[];
  /** Those whose grades stay as they were, and why. */
  readonly left: readonly Judged[];
}

/**
 * Judges a folder of grades again, by the evidence that is kept there and the criteria, bars and points
 * of now. Nothing is carried out. What changed is noted in `regrades.jsonl`.
 *
 * @throws InputError when there are no grades, or one is damaged, or nothing can be written
 */
export async function rejudgeAll(
  out: string,
  workbook: Again['workbook'],
  why: string,
): Promise<Rejudged> {
  const before = pointsBefore(out);
  const students = before.map(({ student }) => student).sort();
  const shares = Array.from({ length: Math.min(availableParallelism(), students.length) }, (_, k) =>
    students.filter((_, i) => i % availableParallelism() === k),
  );
  const told: Judged[] = [];
  await sideBySide(
    shares.map((share) => async () => {
      let open = share;
      while (open.length > 0) {
        const done = await judgeSome({ students: open, out, workbook });
        // Who was next ended the process.
        told.push(...done);
        open = open.slice(done.length);
      }
    }),
    { atOnce: shares.length },
  );
  const left = told.filter((one) => one.left !== undefined);
  const stays = new Set(left.map(({ student }) => student));
  const judged = before.filter(({ student }) => !stays.has(student));
  const changed = judged.flatMap((was) => changeOf(was, keptGrade(out, was.student)!) ?? []);
  noteRegrade(out, { by: accountName(), why, judged: judged.length, changed });
  rmSync(begunIn(out));
  return { judged: judged.length, changed, left };
}

const begunIn = (out: string) => join(out, 'rejudging.json');
const VERDICT = v.object({ id: v.string(), earned: v.number() });
const POINTS = v.object({ student: v.string(), earned: v.number(), verdicts: v.array(VERDICT) });
const BEGUN = v.object({ before: v.array(POINTS) });

/**
 * What everybody had before, kept until it is noted what changed: where a judging was ended midway, the
 * next one notes what that had changed as well.
 */
function pointsBefore(out: string): Points[] {
  const file = begunIn(out);
  const told = { file: `grade: ${file}`, what: 'list of points', remedy: 'delete it' };
  const begun = existsSync(file) ? readSealed(readFileSync(file, 'utf8'), BEGUN, told) : undefined;
  const known = new Map(begun?.before.map((one) => [one.student, one]));
  const all = keptGrades(out).map(({ grade: { student, earned, verdicts } }): Points => {
    const bare = verdicts.map((one) => ({ id: one.id, earned: one.earned }));
    return known.get(student) ?? { student, earned, verdicts: bare };
  });
  writeAtomically(file, sealed({ before: all }));
  return all;
}

/** Judges students in turn, until one of them ends the process, of whom it is told why. */
async function judgeSome(order: Again): Promise<Judged[]> {
  const child = startApart(PROGRAM, order);
  const told: Judged[] = [];
  const limits = { seconds: JUDGING.full, memoryMB: JUDGE_MB };
  let limit = watchLimits(child, limits);
  let stopped: string | undefined;
  child.on('message', (one: Judged) => {
    told.push(one);
    // Each has the time for himself.
    stopped ??= limit.end();
    limit = watchLimits(child, limits);
  });
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(0, 2000);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  stopped ??= limit.end();
  const next = order.students[told.length];
  if (next === undefined) return told;
  const how = stopped ?? `${signal ?? `exit code ${code}`} ${complaints.trim().split('\n')[0]}`;
  return [...told, { student: next, left: `judging it ended the judge: ${how}` }];
}
