import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../build';
import { readArguments, runCommand } from '../command';
import { InputError } from '../errors';
import { requireRoom } from '../files';
import { gradeAll } from '../grading/class/batch';
import { rejudgeAll } from '../grading/class/rejudge';
import { keepSeed, keptSeed, readSeed } from '../grading/class/seed';
import { gradesIn, gradesOf, merge, share } from '../grading/class/shards';
import { exampleOf, folderVerbOf, oneFolder } from '../grading/class/verbs';
import { readWorkbook, type Workbook } from '../grading/class/workbook';
import { gradedMnist } from '../grading/evidence/criteria/digits';
import type { Grade } from '../grading/judge/grade';
import type { GradingOptions } from '../grading/judge/gradeNotebook';
import { type Marks, readMarks } from '../grading/marks/marks';
import { givenTooMuch } from '../grading/marks/override';
import { writeFeedback } from '../grading/pages/feedback';
import { serveMarks } from '../grading/pages/markServer';
import { writeReports } from '../grading/pages/reports';
import { keepDownloaded } from '../grading/roster/downloaded';
import { scaleNotes } from '../grading/roster/gradebook';
import { byRoster, isNumberOn } from '../grading/roster/match';
import { keepRoster, keptRoster, readRoster } from '../grading/roster/roster';
import { chooseIsolation } from '../grading/sandbox/chooseIsolation';
import { protectionsOf } from '../grading/sandbox/isolation';
import { LIMITS } from '../grading/sandbox/limits';
import { arrange, submissionsIn } from '../grading/submitted/arrange';
import type { Found } from '../grading/submitted/find';
import type { Submission } from '../grading/submitted/submission';
import { shortPath } from '../root';
import { printable } from '../text';

/** What each system's gradebook is called in a sentence. */
const FORMS = { canvas: 'Canvas', moodle: 'Moodle', csv: 'the roster' } as const;

/**
 * `npm run grade -- PATH…`: carries out each submission in a sandbox of its own, judges here what
 * it left, and writes `grades.json`, `grades.csv`, an overview and a page a student. Started again
 * with the same `--out`, it goes on with those that are not graded yet.
 *
 * `--merge FOLDER…` puts together what several machines graded with `--shard`; `--rejudge FOLDER`
 * judges again what is kept there, and carries nothing out; `--mark FOLDER` serves the pages with a
 * form for the points of answers in words; `--feedback FOLDER` packs what goes back to the students.
 */
async function grade(): Promise<number> {
  const { values, positionals } = readArguments('grade', {
    out: { type: 'string' },
    size: { type: 'string' },
    seed: { type: 'string' },
    'use-saved': { type: 'boolean' },
    shard: { type: 'string' },
    roster: { type: 'string' },
    assignment: { type: 'string' },
    merge: { type: 'boolean' },
    mark: { type: 'boolean' },
    rejudge: { type: 'boolean' },
    feedback: { type: 'boolean' },
    why: { type: 'string' },
    unprotected: { type: 'boolean' },
    as: { type: 'string' },
  });
  const folderVerb = folderVerbOf(Object.keys(values));
  if (positionals.length === 0) {
    throw new InputError(
      folderVerb
        ? `grade: say which folder of grades, as in ${exampleOf(folderVerb)}`
        : 'grade: say which notebooks or folders, as in npm run grade -- submissions/',
    );
  }
  const size = sizeOf(values.size ?? 'stated');
  const out = resolve(values.out ?? 'grades');
  if (folderVerb === 'mark') return await giveMarks(oneFolder(positionals, folderVerb));
  if (folderVerb === 'feedback') return await giveBack(oneFolder(positionals, folderVerb));
  if (folderVerb === 'rejudge') {
    return await judgeAgain(oneFolder(positionals, folderVerb), values.why);
  }
  if (folderVerb === 'merge') {
    const { grades, marks } = merge(positionals, out);
    return tell(grades, out, marks);
  }
  const { submissions: all, notes } = await submissionsOf(positionals, out, values);
  const submissions = share(all, values.shard, values.seed).map((submission) =>
    values['use-saved'] ? submission : { ...submission, saved: [] },
  );
  await ensureBuild();
  const isolation = chooseIsolation(values, submissions.length);
  for (const guard of protectionsOf(isolation)) console.error(`protection: ${guard}`);
  for (const note of notes) console.error(`note: ${printable(note)}`);
  requireRoom(out);
  // Images that cannot be read are this machine's fault, and must cost no student anything.
  await gradedMnist();
  const { points, checks, ...workbook } = readWorkbook();
  const seed = chooseSeed(out, values.seed);
  return await gradeAnew(submissions, workbook, out, {
    ...{ seed, size, isolation, points, checks },
    limits: LIMITS,
  });
}

/** Whose the submissions are: by the roster, where there is one. */
async function submissionsOf(
  paths: readonly string[],
  out: string,
  {
    roster: file,
    assignment = 'Paths',
  }: { readonly roster?: string; readonly assignment?: string },
): Promise<Found> {
  const given = file === undefined ? keptRoster(out) : readRoster(file, assignment);
  const arranged = await arrange(paths, join(out, 'unpacked'), given && isNumberOn(given));
  const all = submissionsIn(arranged);
  const found = given === undefined ? all : byRoster(all, given, arranged.deliveries);
  if (given !== undefined) keepRoster(out, given);
  keepDownloaded(out, found.submissions);
  return { ...found, notes: [...found.notes, ...(given ? scaleNotes(given) : [])] };
}

async function gradeAnew(
  submissions: readonly Submission[],
  { written, tasks }: Pick<Workbook, 'written' | 'tasks'>,
  out: string,
  options: GradingOptions,
): Promise<number> {
  process.once('SIGINT', () => {
    console.error('grade: stopped; the same command goes on where it was');
    process.exit(130);
  });
  if (submissions.length === 0) {
    console.log('nothing to grade: there are fewer submissions than shares');
  }
  const failed = await gradeAll(submissions, written, options, out);
  const grades = gradesIn(out);
  const now = new Set(submissions.map(({ student }) => student));
  const others = grades.map(({ student }) => student).filter((student) => !now.has(student));
  if (others.length > 0) {
    console.error(
      `note: the tables hold ${others.length} more, who were graded into this folder before: ` +
        printable(others.slice(0, 10).join(', ')) +
        (others.length > 10 ? ' …' : ''),
    );
  }
  tell(grades, out, readMarks(out), tasks);
  if (failed.length === 0) return 0;
  for (const { student, why } of failed) console.error(`grade: ${student} was not graded: ${why}`);
  console.error('grade: the same command tries them again');
  return 1;
}

function sizeOf(text: string): GradingOptions['size'] {
  if (text === 'small' || text === 'full' || text === 'stated') return text;
  throw new InputError(`grade: --size must be small, full or stated, got ${text}`);
}

async function judgeAgain(folder: string, why: string | undefined): Promise<number> {
  if (why === undefined) {
    throw new InputError(`grade: say what changed, as in ${exampleOf('rejudge')}`);
  }
  await ensureBuild();
  await gradedMnist();
  const out = resolve(folder);
  const workbook = readWorkbook();
  const { judged, changed, left } = await rejudgeAll(out, workbook, why);
  tell(gradesIn(out), out, readMarks(out), workbook.tasks);
  for (const { student, earned } of changed) {
    console.log(`${printable(student)}: ${earned[0]} before, ${earned[1]} now`);
  }
  console.log(`${judged} judged again, ${changed.length} have other points: regrades.jsonl`);
  for (const one of left) console.error(`grade: ${one.student} stays as graded: ${one.left}`);
  if (left.length > 0) console.error('grade: grade the submissions anew for these');
  return left.length > 0 ? 1 : 0;
}

async function giveBack(folder: string): Promise<number> {
  const out = resolve(folder);
  const { tasks } = readWorkbook();
  for (const line of await writeFeedback(gradesIn(out), readMarks(out), tasks, out)) {
    console.log(line);
  }
  return 0;
}

async function giveMarks(folder: string): Promise<number> {
  const grades = gradesOf(folder);
  const { address, server } = await serveMarks(grades, resolve(folder), readWorkbook());
  console.log(`give points at ${address}`);
  console.log(
    `they are kept in ${shortPath(join(resolve(folder), 'marks.json'))}; Ctrl-C ends this`,
  );
  await once(process, 'SIGINT');
  server.closeAllConnections();
  server.close();
  return 0;
}

function tell(
  grades: readonly Grade[],
  out: string,
  marks: Marks,
  tasks = readWorkbook().tasks,
): number {
  if (grades.length === 0) return 0;
  console.log(writeReports(grades, marks, out, tasks));
  for (const note of givenTooMuch(grades, marks)) console.error(`note: ${printable(note)}`);
  console.log(`in ${shortPath(out)}: overview.html and a page a student, grades.csv, grades.json`);
  const { system } = keptRoster(out) ?? {};
  if (system !== undefined) console.log(`gradebook.csv there has the form of ${FORMS[system]}`);
  console.log(`next: read the answers in words, npm run grade -- --mark ${shortPath(out)}`);
  return 0;
}

/** Drawn anew for a run, so that nobody knows the inputs; kept, so that it can go on. */
function chooseSeed(out: string, wanted: string | undefined): number {
  const before = keptSeed(out);
  const told = wanted === undefined ? before : readSeed(wanted, '--seed');
  const seed = told ?? randomInt(2 ** 31);
  if (before !== undefined && before !== seed) {
    console.error(`note: the seed was ${before} before, so everybody is graded anew`);
  }
  keepSeed(out, seed);
  return seed;
}

runCommand(grade);
