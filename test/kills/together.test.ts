import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

/** How many processes there are at once; `LAB_TOGETHER=8` is the long form. */
const processes = Number(process.env.LAB_TOGETHER ?? 2);

async function sweep(folder: string): Promise<unknown> {
  const job = ['--import', 'tsx', join('test', 'kills', 'sweepJob.ts'), folder, '0'];
  const env = { ...process.env, LAB_THREADS: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, job, { cwd: projectRoot, env });
  return (JSON.parse(stdout) as { result: unknown }).result;
}

describe(`${processes} processes on one folder of results`, function () {
  this.timeout(0);

  it('each come to what one alone does, and leave the same files', async () => {
    const [own, shared] = [temporaryFolder(), temporaryFolder()];
    const alone = await sweep(own);
    const all = await Promise.all(Array.from({ length: processes }, () => sweep(shared)));
    for (const one of all) assert.deepEqual(one, alone);
    assert.deepEqual(readdirSync(shared), readdirSync(own));
  });
});
