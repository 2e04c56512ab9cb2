import { spawnSync } from 'node:child_process';
import { InputError } from '../errors';
import { findPython } from './python';

/**
 * Puts a folder, by its name, into a new zip. Python's own module does it: the lab needs Python anyway,
 * and Node has no zip.
 *
 * @throws InputError when there is no Python, or the file cannot be written
 */
export function zipFolder(parent: string, name: string, target: string): void {
  python(['-c', target, name], parent);
}

/** @throws InputError when there is no Python, or the zip is damaged */
export function unzipInto(zip: string, folder: string): void {
  python(['-e', zip, folder], folder);
}

function python(options: readonly string[], cwd: string): void {
  const { path } = findPython();
  const { status, stderr } = spawnSync(path, ['-m', 'zipfile', ...options], {
    cwd,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const [why] = stderr.trim().split('\n').slice(-1);
  throw new InputError(`${options[1]}: Python could not zip or unzip it (${why}); is there room?`);
}
