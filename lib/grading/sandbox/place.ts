import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../root';
import { inBubblewrap } from './bubblewrap';
import { foldersOf, type Isolation, type Place, type Program, type Room } from './isolation';

/**
 * The place that an isolation gives a program. The caller leaves it when the program has ended.
 *
 * @throws Error of the file system where there is no room, or a given file has gone
 */
export function placeOf(isolation: Isolation, program: Program, limits: Room): Place {
  return isolation === 'none' ? inFolder(program) : inBubblewrap(program, limits);
}

/** A folder for temporary files, and nothing that would keep the program in it. */
function inFolder({ command, environment, files }: Program): Place {
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
  const remove = () => rmSync(work, { recursive: true, force: true });
  // Also when the grader is interrupted.
  process.once('exit', remove);
  return {
    command,
    options: {
      cwd,
      env: { PATH: '/usr/bin:/bin', ...foldersOf(work, evidence), ...environment },
    },
    descriptors: [],
    leave: () => {
      process.off('exit', remove);
      remove();
    },
  };
}
