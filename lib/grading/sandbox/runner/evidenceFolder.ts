import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MOST_EVIDENCE = 64e6;

/** The evidence of a criterion, or why there is none. */
export function readEvidence(
  folder: string,
  id: string,
): { readonly text?: string; readonly error?: string } {
  const path = join(folder, id);
  if (!existsSync(path) || !lstatSync(path).isFile()) return { error: 'it left no evidence' };
  if (lstatSync(path).size > MOST_EVIDENCE) return { error: 'its evidence is larger than 64 MB' };
  return { text: readFileSync(path, 'utf8') };
}

/** So that nothing was written beforehand, or takes the room of what is to come. */
export function emptyFolder(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      rmSync(join(folder, name), { force: true, recursive: true });
    }
  } catch {
    // Somebody has closed the folder; then it stays.
  }
}
