import assert from 'node:assert/strict';
import { gradesCsv } from '../../../lib/grading/pages/gradesCsv';
import { grade } from './someGrade';

describe('reports', () => {
  it('are spreadsheets in which a name is no formula', () => {
    const [header, row] = gradesCsv([grade], {
      [grade.student]: { w: { points: 0.25, comment: '' } },
    })
      .trim()
      .split('\n');
    assert.equal(
      header,
      'assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,' +
        'late_submission_penalty,score,max_score,task-1-1-check,w,automatic,words,unread',
    );
    assert.equal(row, `paths,,,"'=cmd|""x""",,,,0.75,0,0.75,1.5,0.5,0.25,0.5,0.25,0`);
  });
});
