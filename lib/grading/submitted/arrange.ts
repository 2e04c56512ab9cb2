import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { printable } from '../../text';
import { type Delivery, deliveryOf, withoutCount } from './delivered';
import { type Found, findSubmissions } from './find';
import { isZip } from './kinds';
import { putFile, putFolder, unpackInto } from './put';

/** Paths as `findSubmissions` takes them, and what was done and known on the way. */
export interface Arranged {
  readonly paths: readonly string[];
  /** In sentences. */
  readonly notes: readonly string[];
  /** By the student's name, where a learning platform named the files. */
  readonly deliveries: ReadonlyMap<string, Delivered>;
}

/** A delivery under its whole name, that of a notebook where there is one. */
interface Delivered extends Delivery {
  readonly entry: string;
}

type IsStudent = (id: string) => boolean;

/** What is in a folder, by its name. */
interface Entry {
  readonly name: string;
  readonly delivery: Delivery | undefined;
}

/** Folders in which a zip is looked for, one in another. */
const MOST_DEPTH = 4;
/** Of a class, and of what one student handed in. */
const CLASS = { files: 20_000, bytes: 4e9 };

/**
 * Puts what Canvas and Moodle give for download, and zips, as folders of students into `folder`, which
 * is made anew; files are linked, and nothing is changed where they lie. Whatever is a folder or a
 * notebook of a student already stays where it is. Of a file that was handed in again the latest counts.
 *
 * @param isStudent whether the course's list has a number of Canvas
 * @throws InputError when a zip of the class cannot be unpacked, or `folder` not be written
 */
export async function arrange(
  paths: readonly string[],
  folder: string,
  isStudent?: IsStudent,
): Promise<Arranged> {
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  const notes: string[] = [];
  const deliveries = new Map<string, Delivered>();
  const arranged: string[] = [];
  for (const [i, given] of paths.entries()) {
    const at = (name: string) => join(folder, `${i + 1}`, name);
    let path = resolve(given);
    if (isZip(path) && existsSync(path) && lstatSync(path).isFile()) {
      const why = await unpackInto(path, at('archive'), CLASS, notes);
      path = why === undefined ? withoutWrapping(at('archive')) : path;
      if (why !== undefined) notes.push(`${basename(path)}: ${why}`);
    }
    if (needsArranging(path)) {
      const entries = deliveriesIn(realpathSync(path), isStudent);
      await arrangeFolder(realpathSync(path), entries, at('students'), notes, deliveries);
      path = at('students');
    }
    arranged.push(path);
  }
  return { paths: arranged, notes, deliveries };
}

/**
 * The submissions among what was arranged, each with what a learning platform called it.
 *
 * @throws InputError as `findSubmissions`
 */
export function submissionsIn({ paths, notes, deliveries }: Arranged): Found {
  const found = findSubmissions(paths);
  const submissions = found.submissions.map((one) => {
    const downloaded = deliveries.get(one.student)?.entry;
    return { ...one, ...(downloaded !== undefined && { downloaded }) };
  });
  return { submissions, notes: [...notes, ...found.notes] };
}

const visible = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !/^(\.|__MACOSX$)/.test(name));

/** A zip of a folder holds that folder, and in it those of students. */
function withoutWrapping(folder: string): string {
  const [only, ...others] = visible(folder);
  if (only === undefined || others.length > 0 || !only.isDirectory()) return folder;
  const inner = visible(join(folder, only.name));
  const ofClass = inner.filter((one) => one.isDirectory()).length > 1;
  return deliveryOf(only.name) === undefined &&
    (ofClass || inner.some(({ name }) => deliveryOf(name) !== undefined))
    ? withoutWrapping(join(folder, only.name))
    : folder;
}

/** Whether a learning platform named what is in it, or a zip is among it. */
function needsArranging(path: string): boolean {
  if (!existsSync(path) || !lstatSync(realpathSync(path)).isDirectory()) return false;
  const holdsZip = (folder: string, depth: number): boolean =>
    visible(folder).some((entry) =>
      entry.isDirectory()
        ? depth < MOST_DEPTH && holdsZip(join(folder, entry.name), depth + 1)
        : entry.isFile() && isZip(entry.name),
    );
  try {
    return visible(path).some(({ name }) => deliveryOf(name)) || holdsZip(path, 0);
  } catch {
    return false; // What cannot be read is told of where it is looked through.
  }
}

/**
 * What is in a folder, with what a platform says of it. Canvas gives files alone, and each number is that of
 * one student: `ann_x_2026_11_27.ipynb` beside `bob_y_2026_11_27.ipynb` is none of its names.
 */
function deliveriesIn(folder: string, isStudent?: IsStudent): Entry[] {
  const all = visible(folder).map((entry) => {
    const delivery = deliveryOf(entry.name, isStudent);
    const isNone = delivery?.platform === 'canvas' && entry.isDirectory();
    return { name: entry.name, delivery: isNone ? undefined : delivery };
  });
  const isShared = (own: Delivery) =>
    all.some(({ delivery: other }) => {
      if (other === undefined || other === own || other.platform !== own.platform) return false;
      const isSameFile = own.attachment !== undefined && own.attachment === other.attachment;
      return isSameFile || (other.id === own.id && other.name !== own.name);
    });
  return all.map(({ name, delivery }) => {
    return { name, delivery: delivery && !isShared(delivery) ? delivery : undefined };
  });
}

async function arrangeFolder(
  source: string,
  entries: readonly Entry[],
  target: string,
  notes: string[],
  deliveries: Map<string, Delivered>,
): Promise<void> {
  const students = new Map<string, { name: string; delivery: Delivery }[]>();
  for (const { name, delivery } of entries) {
    if (delivery === undefined) continue;
    const key = `${delivery.platform} ${delivery.id}`;
    students.set(key, [...(students.get(key) ?? []), { name, delivery }]);
  }
  // As submissions are called; an Arabic name may hold a mark that turns the text after it.
  const names = [...students.values()].map(([first]) => printable(first!.delivery.name));
  for (const handedIn of students.values()) {
    const latest = latestOf(handedIn, notes);
    const { id } = latest[0]!.delivery;
    const name = printable(latest[0]!.delivery.name);
    const isOnly = names.filter((one) => one === name).length === 1 && !deliveries.has(name);
    const student = isOnly ? name : `${name} ${id}`;
    deliveries.set(student, { ...latest[0]!.delivery, entry: latest[0]!.entry });
    for (const { entry, as } of latest) {
      const to = join(target, student, as);
      await (as === '' ? putFolder : putFile)(join(source, entry), to, notes);
    }
  }
  for (const { name } of entries.filter(({ delivery }) => delivery === undefined)) {
    const at = join(source, name);
    const put = lstatSync(at, { throwIfNoEntry: false })?.isDirectory() ? putFolder : putFile;
    await put(at, join(target, name), notes);
  }
}

interface Latest {
  readonly entry: string;
  /** Its name in the student's folder; none where the entry is that folder. */
  readonly as: string;
  readonly delivery: Delivery;
}

/** Of each file the one that was handed in last; the first of them is a notebook where there is one. */
function latestOf(
  handedIn: readonly { readonly name: string; readonly delivery: Delivery }[],
  notes: string[],
): Latest[] {
  const files = handedIn.flatMap(({ delivery }) => delivery.file ?? []);
  const byName = new Map<string, Latest>();
  for (const { name: entry, delivery } of handedIn) {
    const { file = '', attachment = '0', late, name } = delivery;
    const as = delivery.platform === 'canvas' ? withoutCount(file, files) : file;
    const key = as === '' ? entry : as;
    const other = byName.get(key);
    const isLater = other === undefined || Number(attachment) > Number(other.delivery.attachment);
    if (isLater) byName.set(key, { entry, as, delivery });
    if (late && isLater) notes.push(`${name}: ${file} was handed in late`);
    if (other === undefined) continue;
    notes.push(`${name} handed in ${key} twice: the latest counts, ${byName.get(key)!.entry}`);
  }
  const isNotebook = ({ as }: Latest) => (/\.ipynb$/i.test(as) ? 0 : 1);
  return [...byName.values()].sort((a, b) => isNotebook(a) - isNotebook(b));
}
