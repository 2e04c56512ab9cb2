import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { cachedFiles, freeMemory, scarceMemory } from '../../lib/engine/freeMemory';
import { temporaryFolder } from '../temporaryFolder';

describe('memory that is free', () => {
  it('is what the machine has, and the limit of a container leaves', () => {
    // macOS tells only of what nothing is in.
    if (process.platform === 'darwin') return assert.equal(freeMemory(), os.totalmem());
    const { freemem } = os;
    const { availableMemory } = process;
    try {
      os.freemem = () => 5e9;
      process.availableMemory = () => 64e9;
      assert.equal(freeMemory(), 5e9, 'of 64 GB that a container may take, 5 are there');
      process.availableMemory = () => 1e9;
      os.freemem = () => 64e9;
      assert.equal(freeMemory(), 1e9 + cachedFiles());
    } finally {
      os.freemem = freemem;
      process.availableMemory = availableMemory;
    }
  });

  it("counts files that a container's limit counts, and that make way", () => {
    const root = temporaryFolder();
    assert.equal(cachedFiles(root), 0, 'no control groups');
    for (const folder of ['proc/self', 'sys/fs/cgroup/docker/a'])
      mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'proc/self/cgroup'), '4:memory:/other\n0::/docker/a\n');
    assert.equal(cachedFiles(root), 0, 'none that has figures');
    const figures = 'anon 1000\nfile 5000\ninactive_file 4000\nactive_file 1000\n';
    writeFileSync(join(root, 'sys/fs/cgroup/docker/a/memory.stat'), figures);
    assert.equal(cachedFiles(root), 4000);
  });

  it('is scarce where a notebook may take more', () => {
    assert.equal(scarceMemory(0.8e9), undefined);
    assert.match(String(scarceMemory(0.79e9)), /npm run doctor tells what is free then$/);
    assert.match(String(scarceMemory(0)), /^0\.0 GB of memory are free/);
  });
});
