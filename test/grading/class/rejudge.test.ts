import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearCombination, type StateDict } from '../../../lib';
import { keepEvidence, keptEvidence } from '../../../lib/grading/class/evidence';
import { keepGrade, keptGrade, openKept } from '../../../lib/grading/class/kept';
import { rejudgeAll } from '../../../lib/grading/class/rejudge';
import { readWorkbook } from '../../../lib/grading/class/workbook';
import { collect } from '../../../lib/grading/evidence/collect';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { judgeSubmission, type Opened } from '../../../lib/grading/judge/gradeSubmission';
import { questionsOf } from '../../../lib/grading/judge/questions';
import { seedOf } from '../../../lib/grading/judge/seedOf';
import { temporaryFolder } from '../../temporaryFolder';

const ID = 'task-2-1-check';
const SEED = 5;
const criterion = criteria.find(({ id }) => id === ID)!;
const NAME = criterion.functions[0]!;

/** The chain, right or with the wrong end, as in Task 2.1. */
const chainOf = (isRight: boolean) => (t: number, w1: StateDict, w2: StateDict, theta: StateDict) =>
  t <= 0.5
    ? linearCombination([1 - 2 * t, 2 * t], [w1, theta])
    : linearCombination([2 - 2 * t, 2 * t - 1], [theta, isRight ? w2 : w1]);

describe('a class that is judged again', () => {
  const { written, ...workbook } = readWorkbook();
  const limits = { small: {}, full: {} } as never;
  const options = { seed: SEED, size: 'small', isolation: 'none', limits, ...workbook } as const;

  /** What the sandbox would leave of one who answered Task 2.1. */
  async function left(isRight: boolean): Promise<Opened> {
    const folder = temporaryFolder();
    Object.assign(process.env, { LAB_EVIDENCE: folder, LAB_GRADING_SIZE: 'small' });
    try {
      await collect(ID, {}, { [NAME]: chainOf(isRight) }, seedOf(SEED, ID));
    } finally {
      for (const name of ['LAB_EVIDENCE', 'LAB_GRADING_SIZE']) delete process.env[name];
    }
    const text = readFileSync(join(folder, ID), 'utf8');
    const source = `function ${NAME}() {}`;
    const cell = { id: 'task-2-1-function', cell_type: 'code', metadata: {}, source };
    return {
      ...{ path: 'part-2.ipynb', time: 0 },
      notebook: { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 },
      run: { messages: [{ kind: 'evidence', id: ID, occasion: 'in place', text }], size: 'small' },
    };
  }

  it('has the grades of before, other points where they changed, and a log of it', async function () {
    this.timeout(120_000);
    const out = temporaryFolder();
    openKept(out);
    const students = Array.from({ length: 6 }, (_, i) => `student ${i}`);
    const [right, wrong] = [await left(true), await left(false)];
    for (const [i, student] of students.entries()) {
      const files = { notebooks: [], saved: [], beside: [], notes: [], time: 0 };
      const submission = { ...files, student };
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
  });

  it('leaves whom it cannot judge as graded, and says why', async function () {
    this.timeout(60_000);
    const out = temporaryFolder();
    mkdirSync(join(out, 'students'));
    assert.equal(keptEvidence(out, 'ann'), undefined);
    const files = { notebooks: [], saved: [], beside: [], notes: [], time: 0 };
    const submission = { ...files, student: 'ann' };
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
