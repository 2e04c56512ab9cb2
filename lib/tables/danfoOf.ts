import { InputError } from '../errors';

type Danfo = typeof import('danfojs-node');

/**
 * The danfo that is installed, so that a frame of the lab's is one of its own; else the one that the
 * build puts beside this file. Loading it takes most of a second, so it waits until a frame is wanted.
 *
 * @param from looks packages up, from this file unless told
 * @throws InputError where danfo is installed without a package of its own
 */
export function danfo(from: NodeJS.Require = require): Danfo {
  let path: string;
  try {
    path = from.resolve('danfojs-node');
  } catch {
    return require('./danfo') as Danfo;
  }
  try {
    return from(path) as Danfo;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND') throw error;
    const [, missing = 'a package'] = /Cannot find module '(.*?)'/.exec(message) ?? [];
    throw new InputError(
      `danfojs-node is installed without ${missing}, which it needs; install it again, or remove it, ` +
        'and pathlab takes the danfo that it brings along',
    );
  }
}
