import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import { type Client, startKernel } from './client';

describe('a notebook in a folder with a capital letter', () => {
  const folder = temporaryFolder();
  const upper = join(folder, 'Upper');
  let kernel: Client;
  before(async () => {
    mkdirSync(upper);
    kernel = await startKernel(upper);
  });
  after(async () => {
    await kernel.close();
    rmSync(folder, { recursive: true });
  });

  it('has its types checked after a question of the editor as well', async () => {
    await kernel.run('import { join } from "node:path"; const there = { x: 1 };');
    await kernel.run('let other = 2;');
    await kernel.request('inspect_request', { code: 'other', cursor_pos: 3, detail_level: 0 });
    for (const code of ['const s: string = there.x', 'join(1)']) {
      assert.equal((await kernel.run(code)).reply.ename, 'CompileError', code);
    }
  });
});
