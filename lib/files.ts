import { mkdirSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from './errors';

/**
 * Writes a file so that a reader sees the old content or the new, never a part: the bytes go to a
 * temporary name in the same folder (made if missing), which is then renamed. A failure leaves
 * the old file as it was and no temporary file.
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw unwritable(path, error);
  }
}

/** What the lab leaves of a net, a grid or a page of figures is less. */
const USUAL_ROOM = 10e6;

/**
 * Throws unless files can be written into the folder, which is made if missing, and it has room for
 * `bytes`: asked before something begins that takes long.
 *
 * @throws InputError when it is a file, on a disk that is full or read-only, or not ours
 */
export function requireRoom(folder: string, bytes = USUAL_ROOM): void {
  const probe = join(folder, `room.${process.pid}.tmp`);
  let free: number;
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new Error('it is a file, where a folder is meant');
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, 'a folder may be there and take nothing');
    const { bavail, blocks, bsize } = statfsSync(folder);
    // A file system that does not say how large it is may still take files.
    free = blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    removeQuietly(probe);
  }
  if (free >= bytes) return;
  const megabytes = (count: number) => `${Math.floor(count / 1e6)} MB`;
  throw new InputError(
    `${folder} has room for ${megabytes(free)}, expected at least ${megabytes(bytes)}; make room or ` +
      'choose another folder',
  );
}

/** What a person is told when nothing can be written there. */
export function unwritable(path: string, error: unknown): InputError {
  const reason = error instanceof Error ? error.message : String(error);
  return new InputError(`cannot write ${path}: ${reason}; make room or choose another folder`);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Where nothing could be written nothing is to be removed.
  }
}
