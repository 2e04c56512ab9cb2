import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../../errors';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { pageOf } from '../marks/fileName';
import { dated, type Marks, marksOf, readMark, readMarks, saveMarks } from '../marks/marks';
import { overviewPage } from './overviewPage';
import { writePage, writeTables } from './reports';
import { type Form, studentPage } from './studentPage';

const MOST_TYPED = 200_000;

/**
 * Serves the pages of a class on loopback, with a form for the points of answers in words. What is
 * saved goes to `marks.json` in `out`, and the pages and tables there follow. Whoever does not know
 * the token in the address is refused.
 *
 * @returns the address to open, and the server, for the caller to close
 */
export async function serveMarks(
  grades: readonly Grade[],
  out: string,
  tasks: Tasks = {},
): Promise<{ address: string; server: Server }> {
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const wrong = error instanceof InputError;
      send(response, wrong ? 400 : 500, error instanceof Error ? error.message : String(error));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const host = `127.0.0.1:${port}`;
    const [path = '', query] = (request.url ?? '').split('?');
    const [start, given, name = ''] = path.split('/');
    // The name of the host as well, or another site's could be made to point here.
    if (request.headers.host !== host || start !== '' || given !== token) {
      return send(response, 403, 'open the address that npm run grade printed, with its token');
    }
    if (name === '' || name === 'overview.html') {
      return send(response, 200, overviewPage(grades, readMarks(out)), 'text/html');
    }
    const place = grades.findIndex(({ student }) => pageOf(student) === decode(name));
    const grade = grades[place];
    if (grade === undefined) return send(response, 404, 'there is no such student');
    const next = encodeURIComponent(pageOf(grades[(place + 1) % grades.length]!.student));
    const show = (status: number, form: Form) =>
      send(response, status, studentPage(grade, readMarks(out), form), 'text/html');
    if (request.method !== 'POST') return show(200, { next, saved: query === 'saved' });
    const typed = await read(request);
    try {
      const before = marksOf(readMarks(out), grade.student);
      saveMarks(out, grade.student, marksTyped(grade, typed, before));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return show(400, { next, wrong: error.message, typed });
    }
    const marks = readMarks(out);
    writePage(grade, marks, out);
    writeTables(grades, marks, out, tasks);
    // So that loading the page again does not send the form again.
    response.writeHead(303, { Location: `${name}?saved#words` }).end();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/${token}/`, server };
}

function marksTyped(
  { written }: Grade,
  typed: URLSearchParams,
  before: Marks[string],
): Marks[string] {
  const marks = written.map((answer) => {
    const { id } = answer;
    const [given, comment] = [typed.get(`points-${id}`) ?? '', typed.get(`comment-${id}`) ?? ''];
    const mark = readMark(given, comment.replaceAll('\r\n', '\n'), answer);
    return [id, dated(mark, before[id])] as const;
  });
  return Object.fromEntries(marks);
}

async function read(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_TYPED) throw new InputError('that is too long to be saved');
  }
  return new URLSearchParams(text);
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' };
  response.writeHead(status, headers).end(body);
}

/** The part of an address as text; nothing where it is no such part. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
