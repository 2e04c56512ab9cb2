import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { get, type Server } from 'node:http';
import { join } from 'node:path';
import { readMarks } from '../../../lib/grading/marks/marks';
import { serveMarks } from '../../../lib/grading/pages/markServer';
import { temporaryFolder } from '../../temporaryFolder';
import { gradeOf } from '../marks/someGrade';

describe('npm run grade -- --mark', () => {
  const out = temporaryFolder();
  let server: Server;
  let address: string;
  before(async () => {
    const grades = [gradeOf('ann <b>'), gradeOf('Zoë')];
    ({ server, address } = await serveMarks(grades, out));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const post = (page: string, fields: Record<string, string>) =>
    fetch(address + encodeURIComponent(page), {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });

  it('is on loopback, for those who know the token and no other site', async () => {
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}\/$/);
    const { port } = new URL(address);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 403);
    assert.equal((await fetch(`http://127.0.0.1:${port}/wrong/overview.html`)).status, 403);
    const status = await new Promise((resolve) => {
      get(address, { headers: { host: 'evil.example' } }, (response) =>
        resolve(response.statusCode),
      );
    });
    assert.equal(status, 403);
    const { status: foreign } = await fetch(`${address}Zo%C3%AB.html`, {
      ...{ method: 'POST', body: 'points-task-1-2-answer=0', redirect: 'manual' },
      headers: { origin: 'http://evil.example' },
    });
    assert.equal(foreign, 403);
    assert.ok(!existsSync(join(out, 'marks.json')));
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const refused = await fetch(address, { method });
      assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD, POST']);
    }
    for (const page of ['nobody.html', '%E0%A4%A', '..%2Fmarks.json']) {
      assert.equal((await fetch(address + page)).status, 404, page);
    }
  });

  it('shows the class, and a form on each page', async () => {
    const overview = await (await fetch(address)).text();
    assert.match(overview, /Zo%C3%AB\.html/);
    const page = await (await fetch(`${address}Zo%C3%AB.html`)).text();
    assert.match(page, /<form method="post">/);
    assert.match(page, /name="points-task-1-2-answer"/);
  });

  it('saves points and a comment; pages and tables follow', async () => {
    const fields = { 'points-task-1-2-answer': '0.5', 'comment-task-1-2-answer': '<i>fine</i>' };
    const response = await post('Zoë.html', fields);
    assert.equal(response.status, 303);
    const page = await (await fetch(`${address}Zo%C3%AB.html`)).text();
    assert.match(page, /Zoë<\/bdi>: 2 of 3\.5 points/);
    assert.match(page, /value="0\.5"/);
    assert.match(page, /&#60;i&#62;fine/);
    const kept = readFileSync(join(out, 'Zoë.html'), 'utf8');
    assert.match(kept, /0\.5 of 0\.5: &#60;i&#62;fine/);
    assert.match(
      readFileSync(join(out, 'grades.csv'), 'utf8'),
      /,Zoë,,,,2,0,2,3\.5,0\.5,,1\.5,0\.5,0/,
    );
    assert.equal(readMarks(out).Zoë!['task-2-1-answer'], undefined, 'nothing was said of it');
  });

  it('saves nothing of what is wrong, and says so', async () => {
    const before = readFileSync(join(out, 'marks.json'), 'utf8');
    const typed = { 'points-task-1-2-answer': '7', 'comment-task-1-2-answer': 'a long remark' };
    const response = await post('Zoë.html', typed);
    assert.equal(response.status, 400);
    const page = await response.text();
    assert.match(page, /Not saved: points for Task 1\.2 must be from 0 to 0\.5, got 7/);
    // What was typed is still there.
    assert.match(page, /value="7"/);
    assert.match(page, /a long remark/);
    const long = await post('Zoë.html', { 'comment-task-1-2-answer': 'x'.repeat(300_000) });
    assert.equal(long.status, 400);
    assert.equal(readFileSync(join(out, 'marks.json'), 'utf8'), before);
    assert.ok(!existsSync(join(out, 'ann <b>.html')));
  });
});
