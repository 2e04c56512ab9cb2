import {
  copyFileSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../root';
import { inBubblewrap } from './bubblewrap';
import {
  foldersOf,
  type Isolation,
  type OtherUser,
  type Place,
  type Program,
  type Room,
} from './isolation';
import { endProcesses } from './otherUser';

/**
 * The place that an isolation gives a program. The caller leaves it when the program has ended.
 *
 * @throws Error of the file system where there is no room, or a given file has gone
 */
export function placeOf(isolation: Isolation, program: Program, limits: Room): Place {
  if (isolation === 'bubblewrap') return inBubblewrap(program, limits);
  return inFolder(program, isolation === 'none' ? undefined : isolation);
}

/** A folder for temporary files, and nothing that would keep the program in it. */
function inFolder({ command, environment, files }: Program, owner: OtherUser | undefined): Place {
  const work = mkdtempSync(join(tmpdir(), 'submission-'));
  const evidence = join(work, 'evidence');
  const cwd = join(work, 'notebook');
  for (const folder of [cwd, evidence]) mkdirSync(folder);
  // Where imports are looked for.
  symlinkSync(join(projectRoot, 'node_modules'), join(work, 'node_modules'));
  for (const { from, as } of files) {
    mkdirSync(dirname(join(work, as)), { recursive: true });
    copyFileSync(from, join(work, as));
  }
  if (owner !== undefined) giveTo(owner, work);
  const remove = () => rmSync(work, { recursive: true, force: true });
  // Also when the grader is interrupted.
  process.once('exit', remove);
  return {
    command,
    options: {
      cwd,
      env: { PATH: '/usr/bin:/bin', ...foldersOf(work, evidence), ...environment },
      ...owner,
    },
    descriptors: [],
    leave: () => {
      process.off('exit', remove);
      if (owner !== undefined) endProcesses(owner);
      remove();
    },
  };
}

/** A path and all below it; links are given, and what they point to stays whose it is. */
function giveTo(owner: OtherUser, path: string): void {
  lchownSync(path, owner.uid, owner.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(owner, join(path, name));
}
