import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../errors';
import { makeFolder, unwritable } from '../../files';
import { isZip } from './kinds';
import { type Room, unzip } from './unzip';

/** Of one student: a part's weights are a few hundred MB at most. */
export const STUDENT_ROOM: Room = { files: 500, bytes: 300e6 };
/** What `submissionOf` looks through, and one more, so that it tells of it. */
const MOST_DEPTH = 6;

/** Puts a student's folder elsewhere, its files as links and its zips unpacked. */
export async function putFolder(from: string, to: string, notes: string[], depth = 0) {
  mkdirSync(to, { recursive: true });
  if (depth > MOST_DEPTH) return;
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await putFolder(source, target, notes, depth + 1);
    else await putFile(source, target, notes);
  }
}

/** Puts a file elsewhere; of a zip, what is in it, as a folder of its name. A link stays one, and leads nowhere. */
export async function putFile(from: string, to: string, notes: string[]): Promise<void> {
  const status = lstatSync(from, { throwIfNoEntry: false });
  // A name that is not UTF-8, or one that would be a place elsewhere.
  if (status === undefined || basename(to).startsWith('.')) {
    notes.push(`${basename(from)} cannot be read under this name, and is left out`);
    return;
  }
  if (isZip(to) && status.isFile()) {
    const why = await unpackInto(from, to.replace(/\.zip$/i, ''), STUDENT_ROOM, notes);
    if (why === undefined) return;
    notes.push(`${basename(from)}: ${why}`);
  }
  makeFolder(dirname(to));
  if (status.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (status.isFile()) putRegular(from, to);
}

function putRegular(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    try {
      // Another disk, or another's file.
      copyFileSync(from, to);
    } catch (failure) {
      throw unwritable(to, failure);
    }
    const { atime, mtime } = lstatSync(from);
    utimesSync(to, atime, mtime);
  }
}

/**
 * Unpacks a zip into a folder that is not there yet; where that cannot be, nothing of it stays.
 *
 * @returns why it could not be unpacked, if it could not
 * @throws InputError where the disk is full, which is no fault of the zip
 */
export async function unpackInto(
  path: string,
  folder: string,
  room: Room,
  notes: string[],
): Promise<string | undefined> {
  try {
    mkdirSync(folder, { recursive: true });
    const leftOut = await unzip(path, folder, room);
    notes.push(...leftOut.map((name) => `${name} in ${basename(path)} is no file to be read`));
    return undefined;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!(error instanceof InputError)) throw unwritable(folder, error);
    return error.message;
  }
}
