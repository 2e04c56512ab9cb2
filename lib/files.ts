import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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
    if (existsSync(temporary)) rmSync(temporary);
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`cannot write ${path}: ${reason}; make room or choose another folder`);
  }
}
