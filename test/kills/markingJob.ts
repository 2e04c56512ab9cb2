import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../../lib/grading/marks/fileName';
import { readMarks } from '../../lib/grading/marks/marks';
import { serveMarks } from '../../lib/grading/pages/markServer';
import { gradeOf } from '../grading/marks/someGrade';
import { dieAt } from './dieAt';

/**
 * `markingJob.ts FOLDER KILL_AT [write]`: gives points to the answers of a class by way of the mark
 * server, where they are not given yet. Prints each student whose points the server says are saved, and
 * last what is kept.
 */

const [folder = '', killAt = '0', only] = process.argv.slice(2);
const students = ['ann', 'Zoë', '__proto__', 'bob'];
const grades = students.map((student) => gradeOf(student));
const id = 'task-1-2-answer';

async function job(): Promise<void> {
  const before = readMarks(folder);
  const counted = dieAt(Number(killAt), only as 'write' | undefined);
  const { address, server } = await serveMarks(grades, folder);
  for (const [i, student] of students.entries()) {
    if (Object.hasOwn(before, student)) continue;
    const body = new URLSearchParams({ [`points-${id}`]: `${i / 8}`, [`comment-${id}`]: student });
    const page = address + encodeURIComponent(pageOf(student));
    const { status } = await fetch(page, { method: 'POST', body, redirect: 'manual' });
    if (status !== 303) throw new Error(`${student}: ${status}`);
    writeSync(1, `saved ${student}\n`);
  }
  server.closeAllConnections();
  server.close();
  const pages = [...students.map(pageOf), 'grades.csv'];
  const result = [
    Object.entries(readMarks(folder)).map(([student, { [id]: mark }]) => [student, mark?.points]),
    ...pages.map((name) => readFileSync(join(folder, name), 'utf8')),
  ];
  writeSync(1, JSON.stringify({ result, ...counted }));
}

job();
