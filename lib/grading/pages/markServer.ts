import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../../errors';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { pageOf } from '../marks/fileName';
import { readMarks, saveMarks } from '../marks/marks';
import { settle } from '../marks/typed';
import { overviewPage } from './overviewPage';
import { writePage, writeTables } from './reports';
import { type Form, studentPage } from './studentPage';

const MOST_TYPED = 200_000;
const METHODS = ['GET', 'HEAD', 'POST'];

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
    const refused = refusal(request, host, start === '' && given === token);
    if (refused) {
      if (refused.status === 405) response.setHeader('Allow', METHODS.join(', '));
      return send(response, refused.status, refused.why);
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
      const { marks, conflicts } = settle(grade, entriesIn(typed, grade), readMarks(out));
      saveMarks(out, grade.student, marks);
      if (conflicts.length > 0) return show(409, { next, wrong: meanwhile(conflicts), typed });
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

/** Why a request is not answered, if it is not. */
function refusal({ method = '', headers }: IncomingMessage, host: string, isKnown: boolean) {
  // The name of the host as well, or another site's could be made to point here.
  if (headers.host !== host || !isKnown) {
    return { status: 403, why: 'open the address that npm run grade printed, with its token' };
  }
  if (!METHODS.includes(method)) {
    return { status: 405, why: `these pages are read or posted to, got ${method}` };
  }
  // A form on another site has its origin; a program that is no browser has none.
  if (method === 'POST' && (headers.origin ?? `http://${host}`) !== `http://${host}`) {
    return { status: 403, why: 'marks are given on these pages, and from no other site' };
  }
  return undefined;
}

/** What a form says of each answer and criterion that it has fields of. */
function entriesIn(typed: URLSearchParams, { written, verdicts }: Grade) {
  const text = (name: string) => (typed.get(name) ?? '').replaceAll('\r\n', '\n');
  const of = (id: string) => ({ points: text(`points-${id}`), comment: text(`comment-${id}`) });
  const ids = [...written, ...verdicts].map(({ id }) => id);
  return ids
    .filter((id) => typed.has(`points-${id}`) || typed.has(`comment-${id}`))
    .map((id) => {
      const was = { points: text(`was-points-${id}`), comment: text(`was-comment-${id}`) };
      return { id, ...of(id), ...(typed.has(`was-points-${id}`) && { was }) };
    });
}

const meanwhile = (ids: readonly string[]) =>
  `${ids.join(', ')} was given other points or words meanwhile, in another tab say; what you typed is ` +
  'in the form, and is saved in their place if you save once more';

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
