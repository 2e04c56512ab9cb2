import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from './errors';
import { unwritable } from './files';

/** In the place of when a process started. */
const ENDED = 'ended';

/** Held while a task runs; a program that the task starts may outlive it, and holds it as well. */
export interface Lock {
  hold(pid: number | undefined): void;
}

const LOOK_EVERY_MS = 200;
/** Whether a process of another machine or container lives cannot be seen: it is given this long. */
const FOREIGN_MS = 15 * 60_000;

/**
 * Runs a task while no other process of this machine runs one under the same path. The file at
 * `path` names its holders; when all of them have ended, however they did, it counts for nothing.
 *
 * @param onWait called once when another holds it
 * @throws InputError when there can be no file at `path`, or something else is there
 */
export async function underLock<T>(
  path: string,
  task: (lock: Lock) => Promise<T>,
  onWait: () => void,
): Promise<T> {
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  let holders = identity(process.pid);
  try {
    writeFileSync(own, holders);
  } catch (error) {
    throw unwritable(own, error);
  }
  try {
    for (let waits = 0; !taken(own, path); waits++) {
      requireFile(path);
      if (isHeld(path)) {
        if (waits === 0) onWait();
        await sleep(LOOK_EVERY_MS);
      } else remove(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
  try {
    return await task({
      hold(pid) {
        if (pid === undefined) return;
        holders += identity(pid);
        // Not flushed to the disk: after a power loss no process holds anything.
        try {
          writeFileSync(own, holders);
          renameSync(own, path);
        } catch (error) {
          throw unwritable(path, error);
        }
      },
    });
  } finally {
    for (const file of [own, path]) rmSync(file, { force: true });
  }
}

/** A link is made with its content or not at all. */
function taken(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** What is there besides is somebody's, and is left alone. */
function requireFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== false) return;
  throw new InputError(
    `${path} is a folder or no regular file, where a lock is meant; move it away and try again`,
  );
}

/** A lock is written whole or not at all, so a line that names no process holds nothing. */
const HOLDER = /^\S+ \d+ \S+$/;

function isHeld(path: string): boolean {
  try {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => HOLDER.test(line));
    const recent = Date.now() - lstatSync(path).mtimeMs < FOREIGN_MS;
    return lines.some((line) => {
      const [host, pid, since] = line.split(' ');
      if (since === ENDED) return false;
      return host === hostname() ? identity(Number(pid)).trim() === line : recent;
    });
  } catch {
    return false;
  }
}

/** Removes what nobody holds; what somebody has taken in the meantime is put back. */
function remove(path: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (isHeld(aside)) taken(aside, path);
  rmSync(aside, { force: true });
  clearUp(path);
}

/** Removes what processes that were killed have left beside a lock, each named after its process. */
function clearUp(path: string): void {
  const beginning = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path)).filter((one) => one.startsWith(beginning))) {
    const pid = Number(name.slice(beginning.length).split('.')[0]);
    const left = join(dirname(path), name);
    if (started(pid) === ENDED && !isHeld(left)) rmSync(left, { force: true });
  }
}

/** A process on this machine by its number and when it started, since numbers come again. */
function identity(pid: number): string {
  return `${hostname()} ${pid} ${started(pid)}\n`;
}

function started(pid: number): string {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout?.trim().replaceAll(/\s+/g, '_') || ENDED;
  }
  try {
    // After the name, which may hold anything: the state, and 19 fields on the start in ticks.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? ENDED : `${boot}_${fields[19]}`;
  } catch {
    return ENDED;
  }
}
