import { rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { unparse } from 'papaparse';
import { ZipFile } from 'yazl';
import { writeAtomically } from '../../files';
import { notebookText } from '../../ipynb';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { pageOf } from '../marks/fileName';
import { type Marks, totalOf } from '../marks/marks';
import { keptDownloaded } from '../roster/downloaded';
import { addressOf, keptRoster } from '../roster/roster';
import { deliveryOf } from '../submitted/delivered';
import { feedbackNotebook } from './feedbackNotebook';
import { studentPage } from './studentPage';

/** What the zips are for, by the ends of their names. */
const UPLOADS = {
  canvas: 'Canvas: the assignment, Upload Submissions (below Download Submissions)',
  moodle: 'Moodle: the assignment, Upload multiple feedback files in a zip',
  mail: 'to be mailed: addresses.csv in it says whose page is whose',
} as const;

/** A file for one student, made when its turn comes. */
interface Feedback {
  readonly to: keyof typeof UPLOADS;
  readonly name: string;
  readonly content: () => string | Promise<Buffer>;
}

/**
 * Writes what goes back to the students into a folder of grades, as zips that the platform takes from
 * which the submissions were downloaded; the pages of all others in one with their addresses.
 *
 * @returns what was written, and who gets none or what is unread, in sentences
 * @throws InputError when it cannot be written, or what is kept in the folder is damaged
 */
export async function writeFeedback(
  grades: readonly Grade[],
  marks: Marks,
  tasks: Tasks,
  out: string,
): Promise<string[]> {
  const downloaded = keptDownloaded(out);
  const isThere = ({ student, notebooks }: Grade) =>
    downloaded.has(student) || notebooks.length > 0;
  const present = grades.filter(isThere);
  const all = present.map((grade) => ({
    student: grade.student,
    ...feedbackOn(grade, marks, tasks, downloaded.get(grade.student)),
  }));
  const told: string[] = [];
  for (const to of Object.keys(UPLOADS) as Feedback['to'][]) {
    const file = `feedback-${to}.zip`;
    rmSync(join(out, file), { force: true });
    const some = all.filter((one) => one.to === to);
    if (some.length === 0) continue;
    const files: Pick<Feedback, 'name' | 'content'>[] =
      to === 'mail' ? [...some, addresses(some, out)] : some;
    writeAtomically(join(out, file), await zipped(files));
    told.push(`${file}: ${some.length} ${some.length === 1 ? 'file' : 'files'}, ${UPLOADS[to]}`);
  }
  const none = grades.length - present.length;
  if (none > 0) told.push(`${none} handed in nothing, and get none`);
  const unread = present.reduce((sum, grade) => sum + totalOf(grade, marks).unread, 0);
  if (unread > 0)
    told.push(`${unread} answers in words are not read yet, and the feedback says so`);
  return told;
}

/** What a person is to look at is not for the student. */
function feedbackOn(judged: Grade, marks: Marks, tasks: Tasks, downloaded = ''): Feedback {
  const notebooks = judged.notebooks.map(({ remarks: _, ...rest }) => rest);
  const grade = { ...judged, notebooks };
  const page = () => studentPage(grade, marks);
  // A zip would take the one side of a backslash for a folder.
  const delivery = downloaded.includes('\\') ? undefined : deliveryOf(downloaded);
  if (delivery?.platform === 'moodle') {
    // In one folder with the others, because Moodle before 4.1 knows the student by the file alone.
    const name = `${delivery.name}_${delivery.id}_assignsubmission_file_feedback.html`;
    return { to: 'moodle', name, content: page };
  }
  // Canvas shows the file under the name that was handed in, whatever is in it.
  const ending = delivery === undefined ? '' : extname(downloaded).toLowerCase();
  if (ending === '.ipynb') {
    const content = () => notebookText(feedbackNotebook(grade, marks, tasks));
    return { to: 'canvas', name: downloaded, content };
  }
  if (ending === '.zip') {
    const content = () => zipped([{ name: 'feedback.html', content: page }]);
    return { to: 'canvas', name: downloaded, content };
  }
  return { to: 'mail', name: pageOf(grade.student), content: page };
}

function addresses(some: readonly { student: string; name: string }[], out: string) {
  const listed = new Map(keptRoster(out)?.students.map(({ student, row }) => [student, row]));
  const rows = some.map(({ student, name }) => ({
    ...{ Name: student, Email: addressOf(listed.get(student) ?? {}), File: name },
  }));
  const text = `${unparse(rows, { newline: '\n', escapeFormulae: true })}\n`;
  return { name: 'addresses.csv', content: () => text };
}

/** One after the other, so that the pages of a class need not be there at once. */
async function zipped(files: readonly Pick<Feedback, 'name' | 'content'>[]): Promise<Buffer> {
  const zip = new ZipFile();
  const whole = buffer(zip.outputStream);
  for (const { name, content } of files) zip.addBuffer(Buffer.from(await content()), name);
  zip.end();
  return await whole;
}
