import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** What a program beside this file prints on so many threads; it begins with a fingerprint. */
export function bitsWith(threads: number, program: string): string {
  const command = ['--require', 'tsx/cjs', join(__dirname, program)];
  const env = { ...process.env, LAB_THREADS: String(threads) };
  const { stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  assert.match(stdout, /^[0-9a-f]{16}/, stderr);
  return stdout;
}
