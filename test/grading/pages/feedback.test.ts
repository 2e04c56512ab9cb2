import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grade } from '../../../lib/grading/judge/grade';
import { readMark } from '../../../lib/grading/marks/marks';
import { writeFeedback } from '../../../lib/grading/pages/feedback';
import { feedbackNotebook } from '../../../lib/grading/pages/feedbackNotebook';
import { keepDownloaded, keptDownloaded } from '../../../lib/grading/roster/downloaded';
import { unzip } from '../../../lib/grading/submitted/unzip';
import { cellText } from '../../../lib/ipynb';
import { renderMarkdown } from '../../../lib/report/markdown';
import { temporaryFolder } from '../../temporaryFolder';
import { grade } from './someGrade';

/** One that was read, in a notebook that is to be looked at. */
const student = 'ann';
const [answer] = grade.written;
const notebooks = grade.notebooks.map((one) => ({ ...one, remarks: ['x calls chain'] }));
const ann: Grade = { ...grade, student, notebooks };
const marks = {
  [student]: {
    w: readMark('0.25', 'w_1 < w_2, *say*, and $t$', answer!),
    'task-1-1-check': { points: 1, comment: 'right by hand' },
  },
};
const tasks = { '1.1': { name: 'two minima', isExtra: false } };

describe('feedback', () => {
  it('as a notebook says what was found, given and written, and no more than that', () => {
    const texts = feedbackNotebook(ann, marks, tasks).cells.map(cellText);
    const html = texts
      .map(renderMarkdown)
      .join('\n')
      .replace(/<[^>]+>/g, '');
    // 1 in the check's place and 0.25 by reading, of 1 and 0.5.
    assert.match(html, /ann: 1\.25 of 1\.5 points/);
    assert.match(html, /1\.1 two minima: 1 of 1 points/);
    assert.match(html, /By a person, 0\.5 by the check: right by hand/);
    assert.match(html, /✗ &lt;b&gt;: look/, 'what was found is text, and no tag');
    assert.match(html, /Task 1\.2, in words: 0\.25 of 0\.5 points/);
    assert.match(html, /w_1 &lt; w_2, \*say\*, and \$t\$/, 'a comment stands as it was typed');
    assert.match(
      feedbackNotebook(ann, {}, tasks).cells.map(cellText).join(),
      /words: not read yet/,
    );
  });

  it('has the form of what was handed in, and leaves out what a person is to look at', async () => {
    const out = temporaryFolder();
    const names = {
      ann: 'ann_1_2_lab.zip',
      bob: 'bob_3_4_report.pdf',
      eve: 'eve_5_6_part-1.ipynb',
      mal: 'mal_8_9_a\\..\\b.ipynb',
    };
    const grades = Object.keys(names).map((one) => ({ ...ann, student: one }));
    keepDownloaded(
      out,
      Object.entries(names).map(([one, downloaded]) => ({ student: one, downloaded })),
    );
    keepDownloaded(out, [{ student: 'ann', downloaded: 'ann_1_7_lab-1.zip' }]);
    assert.equal(keptDownloaded(out).get('bob'), names.bob, 'who was graded before stays');
    const told = await writeFeedback(grades, marks, tasks, out);
    assert.match(told[0]!, /^feedback-canvas\.zip: 2 files/);
    assert.match(told[1]!, /^feedback-mail\.zip: 2 files/);
    assert.equal(told[2], '3 answers in words are not read yet, and the feedback says so');
    const room = { files: 10, bytes: 1e6 };
    for (const to of ['canvas', 'mail'])
      await unzip(join(out, `feedback-${to}.zip`), join(out, to), room);
    // That of the file which was handed in last.
    await unzip(join(out, 'canvas', 'ann_1_7_lab-1.zip'), join(out, 'inner'), room);
    const page = readFileSync(join(out, 'inner', 'feedback.html'), 'utf8');
    assert.match(page, /ann<\/bdi>: 1\.25 of 1\.5 points/);
    assert.match(readFileSync(join(out, 'mail', 'bob.html'), 'utf8'), /bob<\/bdi>: 0\.5 of 1\.5/);
    const notebook = readFileSync(join(out, 'canvas', names.eve), 'utf8');
    for (const text of [page, notebook]) assert.doesNotMatch(text, /calls chain/);
    // Nobody is left for a zip of before.
    await writeFeedback(grades.slice(0, 1), marks, tasks, out);
    assert.ok(!existsSync(join(out, 'feedback-mail.zip')));
    writeFileSync(join(out, 'downloaded.json'), '{"ann":1}');
    assert.throws(() => keptDownloaded(out), /downloaded\.json is no list of downloaded names/);
  });
});
