import { statSync } from 'node:fs';

/** What changes when a file does. */
export function stampOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? `${status.mtimeMs} ${status.size}` : 'none';
}
