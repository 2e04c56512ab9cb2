import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialize, linearCombination, type StateDict } from '../../../lib';
import { keepEvidence, keptEvidence } from '../../../lib/grading/class/evidence';
import { judgeApart } from '../../../lib/grading/class/judgeApart';
import { keepGrade, keptGrade, openKept } from '../../../lib/grading/class/kept';
import { rejudgeAll } from '../../../lib/grading/class/rejudge';
import { readWorkbook } from '../../../lib/grading/class/workbook';
import { collect } from '../../../lib/grading/evidence/collect';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { bars } from '../../../lib/grading/evidence/criteria/bars';
import { someMnist } from '../../../lib/grading/evidence/criteria/digits';
import { judgeSubmission, type Opened } from '../../../lib/grading/judge/gradeSubmission';
import { type Asked, questionsOf } from '../../../lib/grading/judge/questions';
import { seedOf } from '../../../lib/grading/judge/seedOf';
import { LIMITS } from '../../../lib/grading/sandbox/limits';
import { sealed } from '../../../lib/saved';
import { temporaryFolder } from '../../temporaryFolder';
import { network, trained } from '../trained';

const ID = 'task-2-1-check';
const SEED = 5;
const criterion = criteria.find(({ id }) => id === ID)!;
const NAME = criterion.functions[0]!;

/** The chain, right or with the wrong end, as in Task 2.1. */
const chainOf = (isRight: boolean) => (t: number, w1: StateDict, w2: StateDict, theta: StateDict) =>
  t <= 0.5
    ? linearCombination([1 - 2 * t, 2 * t], [w1, theta])
    : linearCombination([2 - 2 * t, 2 * t - 1], [theta, isRight ? w2 : w1]);

const MINIMA = 'task-1-1-check';
const NAMES = 'const [network, stateDictsAtInits, stateDictsAtMinima] = [1, 2, 3];';
const NO_FILES = { notebooks: [], saved: [], beside: [], notes: [], time: 0 };

/** Two nets that were trained for an epoch, with where they began, as Task 1.1 claims them. */
async function twoNets() {
  const { train } = await someMnist(true);
  const inits = [42, 43].map((seed) => initialize(network, seed));
  const minima = [await trained(train, 42, 1), await trained(train, 43, 1)];
  return { network, inits, minima };
}

describe('a class that is judged again', () => {
  const { written, ...workbook } = readWorkbook();
  const limits = { small: {}, full: {} } as never;
  const options = { seed: SEED, size: 'small', isolation: 'none', limits, ...workbook } as const;

  /** What the sandbox would leave of a notebook with these names. */
  async function leftOf(
    id: string,
    claims: Readonly<Record<string, unknown>>,
    functions: Readonly<Record<string, unknown>>,
    source: string,
  ): Promise<Opened> {
    const folder = temporaryFolder();
    Object.assign(process.env, { LAB_EVIDENCE: folder, LAB_GRADING_SIZE: 'small' });
    try {
      await collect(id, claims, functions, seedOf(SEED, id));
    } finally {
      for (const name of ['LAB_EVIDENCE', 'LAB_GRADING_SIZE']) delete process.env[name];
    }
    const text = readFileSync(join(folder, id), 'utf8');
    const cell = { id: 'a-cell', cell_type: 'code', metadata: {}, source };
    return {
      ...{ path: 'part-2.ipynb', time: 0 },
      notebook: { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 },
      run: { messages: [{ kind: 'evidence', id, occasion: 'in place', text }], size: 'small' },
    };
  }
  /** Of one who answered Task 2.1. */
  const left = (isRight: boolean) =>
    leftOf(ID, {}, { [NAME]: chainOf(isRight) }, `function ${NAME}() {}`);

  it('has the grades of before, other points where they changed, and a log of it', async function () {
    this.timeout(120_000);
    const out = temporaryFolder();
    openKept(out);
    const students = Array.from({ length: 6 }, (_, i) => `student ${i}`);
    const [right, wrong] = [await left(true), await left(false)];
    for (const [i, student] of students.entries()) {
      const submission = { ...NO_FILES, student };
      const opened = [i % 2 === 0 ? right : wrong];
      const questions = [questionsOf()];
      const grade = await judgeSubmission(submission, opened, written, options, questions);
      keepGrade(out, grade, 'of before');
      const asked = questions.map((one) => one.asked);
      keepEvidence(out, { submission, keyOfFiles: `${i}`, options, opened, asked });
    }
    const pointsOf = (student: string) =>
      keptGrade(out, student)!.verdicts.find(({ id }) => id === ID)!.earned;
    const before = students.map(pointsOf);
    assert.equal(before[0], 0.5, JSON.stringify(keptGrade(out, students[0]!)!.verdicts));
    assert.ok(before[1]! < 0.5);
    const grades = () => students.map((student) => keptGrade(out, student));
    const whole = grades();

    const same = await rejudgeAll(out, { ...workbook, written }, 'to see');
    assert.deepEqual([same.judged, same.changed, same.left], [6, [], []]);
    assert.deepEqual(grades(), whole);

    const points = { ...workbook.points, [ID]: 2 };
    const { changed } = await rejudgeAll(out, { ...workbook, written, points }, 'Task 2.1 is hard');
    // Four times the points, each rounded to hundredths.
    for (const [i, student] of students.entries()) {
      assert.ok(Math.abs(pointsOf(student) - 4 * before[i]!) <= 4 * 0.005 + 0.005, student);
    }
    assert.ok(changed.some(({ student, earned }) => student === students[0] && earned[1] === 2));
    const lines = readFileSync(join(out, 'regrades.jsonl'), 'utf8').trim().split('\n');
    const log = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      log.map(({ why, judged }) => [why, judged]),
      [
        ['to see', 6],
        ['Task 2.1 is hard', 6],
      ],
    );
    assert.deepEqual(log[1].changed, changed);
    assert.ok(log[1].by.length > 0 && log[1].time > '2026');
    assert.ok(!existsSync(join(out, 'rejudging.json')));

    // Ended midway: the points are those of before, and what they had been stands in the list.
    const list = grades().map((grade) => {
      const verdicts = grade!.verdicts.map(({ id, earned }) => ({ id, earned }));
      return { student: grade!.student, earned: grade!.earned, verdicts };
    });
    writeFileSync(join(out, 'rejudging.json'), sealed({ before: list }));
    for (const student of students.slice(0, 3)) {
      keepGrade(out, whole[students.indexOf(student)]!, 'of one that was ended');
    }
    const later = await rejudgeAll(out, { ...workbook, written }, 'as it was');
    assert.deepEqual(later.changed.map(({ student }) => student).sort(), students);
  });

  it('has none of a submission of before where that of now ended its judge', async function () {
    this.timeout(60_000);
    const out = temporaryFolder();
    openKept(out);
    const submission = { ...NO_FILES, student: 'ann' };
    const opened = [await left(true)];
    keepEvidence(out, { submission, keyOfFiles: '', options, opened, asked: [] });
    const order = {
      written,
      options: { ...options, limits: LIMITS },
      out,
      key: '',
      keyOfFiles: '',
    };
    // There is no such path, so the judge ends, as one does that a submission has filled.
    const nonsense = { ...submission, notebooks: ['no\0path'] };
    await judgeApart({ submission: nonsense, ...order });
    assert.equal(keptEvidence(out, 'ann'), undefined);
    assert.equal(keptGrade(out, 'ann')!.earned, 0);
  });

  it('comes by another bar to what a full run comes to', async function () {
    this.timeout(120_000);
    const out = temporaryFolder();
    const submission = { ...NO_FILES, student: 'ann' };
    const run = async () => [await leftOf(MINIMA, await twoNets(), {}, NAMES)];
    const judge = (opened: readonly Opened[], asked?: Asked) =>
      judgeSubmission(submission, opened, written, options, [questionsOf(asked)]);
    const opened = await run();
    const questions = questionsOf();
    const before = await judgeSubmission(submission, opened, written, options, [questions]);
    const asked = [questions.asked];
    keepEvidence(out, { submission, keyOfFiles: '', options, opened, asked });
    const bar = bars[MINIMA];
    bars[MINIMA] = () => ({ leastAccuracy: 0.5 });
    try {
      const kept = keptEvidence(out, 'ann')!;
      const again = await judge(kept.opened, kept.asked[0]);
      assert.deepEqual(again, await judge(await run()));
      // Two of four findings are about the bar: those nets know more than half of the images, not all.
      assert.deepEqual([before.earned, again.earned], [0.5, 1], JSON.stringify(again.verdicts[0]));
    } finally {
      bars[MINIMA] = bar;
    }
  });

  it('leaves whom it cannot judge as graded, and says why', async function () {
    this.timeout(60_000);
    const out = temporaryFolder();
    mkdirSync(join(out, 'students'));
    assert.equal(keptEvidence(out, 'ann'), undefined);
    const submission = { ...NO_FILES, student: 'ann' };
    const [opened, questions] = [[await left(true)], [questionsOf()]];
    const grade = await judgeSubmission(submission, opened, written, options, questions);
    for (const student of ['ann', 'bob']) keepGrade(out, { ...grade, student }, 'of before');
    // As if the criterion had called the function otherwise then.
    const asked = [{ ...questions[0]!.asked, [`${ID} in place`]: 'other' }];
    keepEvidence(out, { submission, keyOfFiles: '', options, opened, asked });
    const told = await rejudgeAll(out, { ...workbook, written }, 'why not');
    assert.deepEqual(told.left.map(({ student, left }) => [student, left]).sort(), [
      ['ann', `${ID} asks for what the notebook was not asked then`],
      ['bob', 'no evidence is kept'],
    ]);
    assert.deepEqual(keptGrade(out, 'ann'), grade);
  });
});
