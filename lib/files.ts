import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { InputError } from './errors';

/**
 * Writes a file so that a reader sees the old content or the new, never a part, also after a power
 * loss: the bytes go to a temporary name in the same folder (made if missing), are flushed to the disk,
 * and the file is then renamed. Once this returns, the new content is on the disk. A failure leaves
 * the old file as it was and no temporary file. Who may read and write it stays as it was, unless
 * `ownMode` says otherwise, as in 0o600. A link stays, and the file that it points to is written.
 */
export function writeAtomically(
  path: string,
  content: string | Uint8Array,
  ownMode?: number,
): void {
  let temporary: string | undefined;
  try {
    const target = targetOf(path);
    temporary = `${target}${ownEnding()}`;
    makeFolder(dirname(target));
    const mode = ownMode ?? statSync(target, { throwIfNoEntry: false })?.mode;
    const file = openSync(temporary, 'w', mode);
    try {
      writeFileSync(file, content);
      // The umask may take from a new file what it is to have.
      if (mode !== undefined) fchmodSync(file, mode);
      flush(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
    flushFolder(dirname(target));
  } catch (error) {
    if (temporary !== undefined) removeQuietly(temporary);
    throw unwritable(path, error);
  }
}

/**
 * Adds a line to a file, which is made if missing, and returns once it is on the disk. A power loss
 * may leave a part of the line: the next begins on a line of its own, and the others stay as they are.
 *
 * @throws InputError when it cannot be written
 */
export function appendLine(path: string, line: string): void {
  try {
    const isNew = !existsSync(path);
    const file = openSync(path, 'a+');
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1, '\n');
      if (size > 0) readSync(file, last, 0, 1, size - 1);
      writeFileSync(file, `${last.toString() === '\n' ? '' : '\n'}${line}\n`);
      flush(file);
    } finally {
      closeSync(file);
    }
    if (isNew) flushFolder(dirname(path));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What marks this process's temporary files; execute.py names its own so, too. */
const ownEnding = () => `.pathlab-${process.pid}.tmp`;

/** Waits until a file or folder is on the disk; where its file system has no such thing, it is not told. */
function flush(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes(code ?? '')) throw error;
  }
}

/** Waits until the names in a folder are on the disk; one that may not be read is left to the system. */
function flushFolder(folder: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The path itself, or what its link points to, which need not be there. */
function targetOf(path: string): string {
  // Throws on links that go round in a circle.
  statSync(path, { throwIfNoEntry: false });
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const link = readlinkSync(path);
  // Not joined by node:path, for which `folder/..` is nothing, also where the folder is a link.
  return targetOf(isAbsolute(link) ? link : `${realpathSync(dirname(path))}/${link}`);
}

/**
 * Makes a folder and those above it that are missing. Node's own way never comes back where a folder
 * is there and says of what should be made in it that it is not, as /proc does.
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path);
    flushFolder(dirname(path));
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!isFolder(path)) throw error;
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory();

/** What the lab leaves of a net, a grid or a page of figures is less. */
const USUAL_ROOM = 10e6;

/**
 * Throws unless files can be written into the folder, which is made if missing, and it has room for
 * `bytes`: asked before something begins that takes long.
 *
 * @throws InputError when it is a file, on a disk that is full or read-only, or not ours
 */
export function requireRoom(folder: string, bytes = USUAL_ROOM): void {
  const probe = join(folder, `room${ownEnding()}`);
  let free: number;
  try {
    if (isFolder(folder) === false) {
      throw new Error('it is a file, where a folder is meant');
    }
    makeFolder(folder);
    clearUp(folder);
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

/** A file that somebody still writes has been written to within this time, whatever machine does it. */
const WRITTEN_WITHIN_MS = 60_000;

/** Removes the temporary files of processes that were killed as they wrote. */
function clearUp(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /\.pathlab-(\d+)\.tmp$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(folder, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - written > WRITTEN_WITHIN_MS) removeQuietly(path);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
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
