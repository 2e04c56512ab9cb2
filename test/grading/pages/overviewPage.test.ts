import assert from 'node:assert/strict';
import type { Grade } from '../../../lib/grading/judge/grade';
import { overviewPage } from '../../../lib/grading/pages/overviewPage';
import { grade } from './someGrade';

describe('reports', () => {
  it('show a class at a glance', () => {
    const other: Grade = { ...grade, student: 'Zoë', earned: 1, verdicts: [] };
    const tasks = { '1.1': { name: 'two minima', isExtra: false } };
    const page = overviewPage([grade, other], {}, tasks);
    assert.match(page, /<h1>2 submissions<\/h1>/);
    assert.match(page, /<td>1\.1 two minima<\/td><td class="n">0<\/td><td class="n">1<\/td>/);
    assert.match(page, /href="Zo%C3%AB\.html"/);
    assert.match(page, /=cmd\|&#34;x&#34;/);
    assert.match(page, /1 to read/);
    const notebooks = [
      { file: 'a.ipynb', errors: {}, outputs: {}, unreadable: 'a.ipynb is <none>' },
    ];
    const without = { ...grade, notebooks, notes: ['b.zip is an archive', 'no notebook'] };
    const reasons = [...overviewPage([without], {}).matchAll(/class="note">([^<]*)</g)];
    assert.deepEqual(
      reasons.map(([, text]) => text),
      ['1 to read', 'b.zip is an archive', 'no notebook', 'a.ipynb is &#60;none&#62;'],
    );
  });
});
