import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKept, keepGrade, keptGrade, keptGrades } from '../../../lib/grading/class/kept';
import { gradesIn } from '../../../lib/grading/class/shards';
import { readMarks } from '../../../lib/grading/marks/marks';
import { writeReports } from '../../../lib/grading/pages/reports';
import { temporaryFolder } from '../../temporaryFolder';
import { grade } from '../pages/someGrade';

/** As 0.1.0 kept it, before lib/grading had rooms; `outputs` and findings are fewer. */
const OF_BEFORE = `{"key":"5f3a","grade":{"student":"ann","time":1795680112858.0286,"notes":[],"earned":0.5,
"most":8,"verdicts":[{"id":"task-1-1-check","task":"1.1","points":1,"earned":0,"findings":[],"reason":
"no notebook with Task 1.1 was handed in"},{"id":"task-2-1-check","task":"2.1","points":0.5,"earned":0.5,
"findings":[{"what":"φ(0) = w₁","verdict":"holds"}]}],"written":[{"id":"task-2-2-words","task":"2.2",
"points":0.5,"text":"because"}],"notebooks":[{"file":"part-2.ipynb","errors":{},"outputs":{},"size":
"small","tasks":["2.1"],"remarks":[]}]}}`;

describe('kept grades', () => {
  it('of before are read, and make pages and tables', () => {
    const out = temporaryFolder();
    mkdirSync(join(out, 'students'));
    writeFileSync(join(out, 'students', 'ann.json'), OF_BEFORE);
    const marks = `{"ann":{"task-2-2-words":{"points":0.25,"comment":"half"}}}`;
    writeFileSync(join(out, 'marks.json'), marks);
    const grades = gradesIn(out);
    assert.equal(keptGrade(out, 'ann', '5f3a')!.earned, 0.5);
    writeReports(grades, readMarks(out), out);
    // 0.5 by the checks and 0.25 by reading, of 8 and 0.5.
    assert.match(readFileSync(join(out, 'ann.html'), 'utf8'), /ann<\/bdi>: 0\.75 of 8\.5 points/);
  });

  it('count for what they were made of, and no other', () => {
    const out = temporaryFolder();
    assert.throws(() => keptGrades(out), /holds no grades; name a folder that npm run grade wrote/);
    keepGrade(out, grade, 'a key');
    assert.ok(isKept(out, grade.student));
    assert.deepEqual(keptGrade(out, grade.student, 'a key'), grade);
    assert.equal(keptGrade(out, grade.student, 'another'), undefined);
    assert.equal(keptGrade(out, 'bob', 'a key'), undefined);
  });

  it('that are damaged are refused with what to do', () => {
    const out = temporaryFolder();
    mkdirSync(join(out, 'students'));
    writeFileSync(join(out, 'students', 'ann.json'), '{');
    assert.throws(
      () => gradesIn(out),
      /ann\.json is no kept grade: it is no JSON; delete it, and the same command/,
    );
  });
});
