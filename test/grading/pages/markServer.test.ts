import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { get, type Server } from 'node:http';
import { join } from 'node:path';
import { keepGrade } from '../../../lib/grading/class/kept';
import { gradesIn, gradesOf } from '../../../lib/grading/class/shards';
import { pageOf } from '../../../lib/grading/marks/fileName';
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

  it('shows and writes the grades of now, where somebody judges again meanwhile', async () => {
    const own = temporaryFolder();
    keepGrade(own, gradeOf('ann'), 'before');
    const one = await serveMarks(gradesOf(own), own);
    keepGrade(own, { ...gradesIn(own)[0]!, earned: 0.75 }, 'after');
    await fetch(`${one.address}ann.html`, { method: 'POST', body: new URLSearchParams() });
    one.server.closeAllConnections();
    one.server.close();
    assert.match(readFileSync(join(own, 'grades.csv'), 'utf8'), /,0\.75,/);
  });

  describe('question by question', () => {
    const id = 'task-1-2-answer';
    const send = (place: number, content: object) =>
      fetch(`${address}read/${id}/${place}.json`, {
        method: 'POST',
        body: JSON.stringify(content),
      });
    const none = { points: '', comment: '' };
    const markOfAnn = () => readMarks(out)['ann <b>']?.[id];

    it('shows each answer with a key for each mark, and hides the name where it is to', async () => {
      const pages = await Promise.all(
        [0, 1].map(async (i) => (await fetch(`${address}read/${id}/${i}.html?hide`)).text()),
      );
      for (const page of pages) {
        assert.doesNotMatch(page, /ann &|ann <|Zoë/);
        // Quarters of 0.5, to hundredths.
        const keys = [...page.matchAll(/data-points="([\d.]+)"><kbd>/g)].map(
          ([, points]) => points,
        );
        assert.deepEqual(keys, ['0', '0.13', '0.25', '0.38', '0.5']);
        const [, nonce] = /script-src 'nonce-(\w+)'/.exec(page)!;
        assert.equal(page.split(`<script nonce="${nonce}">`).length, 2);
      }
      assert.equal((await fetch(`${address}read/${id}/2.html`)).status, 404);
    });

    it('saves what is typed, unless another tab has given something else', async () => {
      const page = await (await fetch(`${address}read/${id}/0.html`)).text();
      const place = page.includes('ann') ? 0 : 1;
      const first = await send(place, { points: '0.25', comment: 'half', was: none });
      assert.equal(first.status, 200);
      assert.equal(markOfAnn()!.points, 0.25);
      const second = await send(place, { points: '0', comment: '', was: none });
      assert.equal(second.status, 409);
      const { kept } = (await second.json()) as { kept: typeof none };
      assert.deepEqual(kept, { points: '0.25', comment: 'half' });
      assert.equal(markOfAnn()!.points, 0.25);
      assert.equal((await send(place, { points: '0', comment: '', was: kept })).status, 200);
      assert.equal(markOfAnn()!.points, 0);
      for (const wrong of [{}, { points: 1 }, { points: '0x1', comment: '', was: kept }]) {
        assert.equal((await send(place, wrong)).status, 400);
      }
      assert.match(readFileSync(join(out, pageOf('ann <b>')), 'utf8'), /0 of 0\.5/);
    });

    it('gives what is typed on an open page to whose it is, when there are more on a server started again', async () => {
      const own = temporaryFolder();
      const serve = (...students: string[]) =>
        serveMarks(
          students.map((one) => gradeOf(one)),
          own,
        );
      const close = (one: Server) => {
        one.closeAllConnections();
        one.close();
      };
      const first = await serve('ann', 'bob', 'carl');
      const page = await (await fetch(`${first.address}read/${id}/2.html`)).text();
      close(first.server);
      const [, student] = /<bdi>(\w+)</.exec(page)!;
      const [, whose] = /data-whose="(\w+)"/.exec(page)!;
      const again = await serve('ann', 'bob', 'carl', 'dora', 'emil', 'fay', 'gus', 'hal');
      const typed = { points: '0.25', comment: 'half', was: none };
      const post = async (content: object) => {
        const body = JSON.stringify({ ...typed, ...content });
        return (await fetch(`${again.address}read/${id}/2.json`, { method: 'POST', body })).status;
      };
      assert.deepEqual([await post({ whose: 'of a text of before' }), readMarks(own)], [400, {}]);
      assert.equal(await post({ whose }), 200);
      assert.deepEqual(Object.keys(readMarks(own)), [student]);
      close(again.server);
    });

    it('goes on at the same address when the server is started again', async () => {
      const before = address;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      ({ server, address } = await serveMarks([gradeOf('ann <b>'), gradeOf('Zoë')], out));
      assert.equal(address, before);
      assert.equal(statSync(join(out, 'address.txt')).mode & 0o777, 0o600);
    });
  });
});
