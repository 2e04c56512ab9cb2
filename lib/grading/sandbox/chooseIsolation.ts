import { spawnSync } from 'node:child_process';
import { InputError } from '../../errors';
import { hasBubblewrap } from './bubblewrap';
import type { Isolation, OtherUser } from './isolation';
import { hasProcesses } from './otherUser';

/** What the command line says of the sandbox. */
export interface Wanted {
  readonly unprotected?: boolean;
  /** The name of a user of this machine. */
  readonly as?: string;
}

/**
 * bubblewrap, unless the command line says otherwise: `--as USER` for one submission in a container
 * of its own, `--unprotected` where nothing else is to be had.
 *
 * @param count how many submissions there are: side by side one user's could reach one another
 * @throws InputError where there is no protection of the kind that is wanted
 */
export function chooseIsolation({ unprotected, as: user }: Wanted, count: number): Isolation {
  if (user !== undefined) {
    if (unprotected) throw new InputError('grade: --as or --unprotected, not both');
    if (count > 1) {
      throw new InputError(
        `grade: --as takes one submission, got ${count}: as one user they could change each other`,
      );
    }
    return otherUser(user);
  }
  if (unprotected) return 'none';
  if (hasBubblewrap()) return 'bubblewrap';
  throw new InputError(
    'grade: bubblewrap does not work here, and what students wrote is not carried out without it; ' +
      'install it (Debian and Ubuntu: apt install bubblewrap), or, in a container or machine that ' +
      'holds nothing else, say --as USER or --unprotected',
  );
}

function otherUser(name: string): OtherUser {
  if (process.getuid?.() !== 0) {
    throw new InputError('grade: --as needs root, who alone may run a program as another user');
  }
  const [uid, gid] = ['-u', '-g'].map((what) => {
    const { status, stdout } = spawnSync('id', [what, '--', name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : 0;
  }) as [number, number];
  if (uid === 0) {
    throw new InputError(
      `grade: --as ${name} is no user here, or root; make one, as in useradd --system ${name}`,
    );
  }
  if (!hasProcesses({ uid, gid })) return { uid, gid };
  throw new InputError(
    `grade: --as ${name} has processes here, which the submission could reach, and which would be ` +
      'ended with it; make a user for submissions alone, as in useradd --system student',
  );
}
