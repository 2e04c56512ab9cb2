import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const all = mkdtempSync(join(tmpdir(), 'pathlab-test-'));
// More than once, because a kernel may still be writing.
process.once('exit', () => rmSync(all, { recursive: true, force: true, maxRetries: 5 }));

/** A new, empty folder, which goes when the tests end. */
export const temporaryFolder = (): string => mkdtempSync(join(all, 'f-'));
