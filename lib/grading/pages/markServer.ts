import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { InputError } from '../../errors';
import type { Workbook } from '../class/workbook';
import type { Grade } from '../judge/grade';
import { pageOf } from '../marks/fileName';
import { readMarks, saveMarks } from '../marks/marks';
import { settle, shownOf } from '../marks/typed';
import { listen, tokenOf } from './address';
import { overviewPage } from './overviewPage';
import { linksToRead, type Reading, readingPage, readingsOf, whoseOf } from './readingPage';
import { writePage, writeReports, writeTables } from './reports';
import { type Form, studentPage } from './studentPage';

const MOST_TYPED = 200_000;
const FIELDS = { points: v.string(), comment: v.string() };
const TYPED = v.object({ ...FIELDS, was: v.object(FIELDS), whose: v.optional(v.string()) });
const METHODS = ['GET', 'HEAD', 'POST'];

/** The grades of a class, where they lie, and what was asked. */
interface Class {
  readonly grades: readonly Grade[];
  readonly out: string;
  readonly workbook: Pick<Workbook, 'tasks' | 'questions'>;
}

/**
 * Serves the pages of a class on loopback, with a form for the points of answers in words. What is
 * saved goes to `marks.json` in `out`, and the pages and tables there follow; they are written at the
 * start as well, as a server that was killed may have saved points that they lack. Whoever does not
 * know the token in the address is refused.
 *
 * @param given the grades, or what gives those of now
 * @returns the address to open, and the server, for the caller to close
 */
export async function serveMarks(
  given: readonly Grade[] | (() => readonly Grade[]),
  out: string,
  workbook: Class['workbook'] = { tasks: {}, questions: {} },
): Promise<{ address: string; server: Server }> {
  const gradesNow = typeof given === 'function' ? given : () => given;
  writeReports(gradesNow(), readMarks(out), out, workbook.tasks);
  const token = tokenOf(out);
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error));
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
    const grades = gradesNow();
    if (name === '' || name === 'overview.html') {
      const marks = readMarks(out);
      const links = linksToRead(grades, marks, workbook.tasks);
      const page = overviewPage(grades, marks, workbook.tasks).replace('</h1>', `</h1>${links}`);
      return send(response, 200, page, 'text/html');
    }
    if (name === 'read')
      return await reading({ grades, out, workbook }, path, query === 'hide', request, response);
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
    writeTables(grades, marks, out, workbook.tasks);
    // So that loading the page again does not send the form again.
    response.writeHead(303, { Location: `${name}?saved#words` }).end();
  }

  const address = await listen(server, token, out);
  return { address, server };
}

/** `read/ANSWER/PLACE.html`, and what is typed there to `.json`. */
async function reading(
  { grades, out, workbook }: Class,
  path: string,
  isHidden: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, , , id = '', file = ''] = path.split('/');
  const readings = readingsOf(grades, id);
  const at = Number(/^(\d{1,6})\.(html|json)$/.exec(file)?.[1] ?? Number.NaN);
  if (request.method !== 'POST') {
    const one = readings[at];
    if (one === undefined) return send(response, 404, 'there is no such answer');
    const page = readingPage(readings, at, readMarks(out), workbook.questions[one.id], isHidden);
    return send(response, 200, page, 'text/html');
  }
  const { status, grade, ...told } = saveTyped(readings, at, await textOf(request), out);
  if (grade !== undefined) {
    writePage(grade, readMarks(out), out);
    writeTables(grades, readMarks(out), out, workbook.tasks);
  }
  send(response, status, JSON.stringify(told), 'application/json');
}

/** What a reading page sent: saved, or why not, and what is kept in its place. */
function saveTyped(readings: readonly Reading[], at: number, text: string, out: string) {
  const marks = readMarks(out);
  try {
    const { whose, ...typed } = v.parse(TYPED, JSON.parse(text));
    // Of a page that was open before this server was started the place may be another's now.
    const one = whose ? readings.find((some) => whoseOf(some) === whose) : readings[at];
    if (one === undefined)
      throw new InputError('another text was handed in since; open all students');
    const { grade, id } = one;
    const entry = { id, ...typed };
    const { marks: settled, conflicts } = settle(grade, [entry], marks);
    if (conflicts.length > 0) {
      return { status: 409, why: meanwhile(conflicts), kept: shownOf(grade, id, marks) };
    }
    saveMarks(out, grade.student, settled);
    return { status: 200, grade };
  } catch (error) {
    return { status: 400, why: error instanceof Error ? error.message : String(error) };
  }
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
  return new URLSearchParams(await textOf(request));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_TYPED) throw new InputError('that is too long to be saved');
  }
  return text;
}

function sendError(response: ServerResponse, error: unknown): void {
  // What was not read of it would be taken for the next request.
  response.setHeader('Connection', 'close');
  const status = error instanceof InputError ? 400 : 500;
  send(response, status, error instanceof Error ? error.message : String(error));
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
