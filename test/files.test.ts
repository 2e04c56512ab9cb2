import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../lib/errors';
import { requireRoom, writeAtomically } from '../lib/files';
import { temporaryFolder } from './temporaryFolder';

describe('writeAtomically', () => {
  const folder = temporaryFolder();

  it('replaces a file, makes its folder, and leaves nothing else', () => {
    const path = join(folder, 'new', 'a.txt');
    writeAtomically(path, 'one');
    writeAtomically(path, Buffer.from('two'));
    assert.equal(readFileSync(path, 'utf8'), 'two');
    assert.deepEqual(readdirSync(join(folder, 'new')), ['a.txt']);
  });

  it('where the disk takes no more, says so and keeps the old file whole', () => {
    const path = join(folder, 'big.bin');
    writeFileSync(path, 'old');
    // A shell's file-size limit (8 blocks) stands for the full disk: the write breaks off midway.
    const script = `require('tsx/cjs');
      require(${JSON.stringify(resolve(__dirname, '../lib/files.ts'))})
        .writeAtomically(${JSON.stringify(path)}, Buffer.alloc(1e6));`;
    const child = spawnSync(
      'bash',
      ['-c', 'ulimit -f 8; exec "$0" -e "$1"', process.execPath, script],
      {
        encoding: 'utf8',
        cwd: resolve(__dirname, '..'),
        env: { ...process.env, TSX_DISABLE_CACHE: '1' },
      },
    );
    assert.notEqual(child.status, 0);
    assert.match(child.stderr, /InputError: cannot write .*big\.bin: .*; make room/);
    assert.equal(readFileSync(path, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder).sort(), ['big.bin', 'new']);
  });
});

describe('requireRoom', () => {
  const folder = temporaryFolder();

  it('makes the folder, and leaves nothing in it', () => {
    const inner = join(folder, 'a', 'b');
    requireRoom(inner);
    requireRoom(inner, 1);
    assert.deepEqual(readdirSync(inner), []);
  });

  it('says in one sentence why a folder takes nothing', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'old');
    for (const [path, bytes, told] of [
      [
        file,
        1,
        /^cannot write \S+file: it is a file, where a folder is meant; make room or choose/,
      ],
      [join(file, 'inner'), 1, /^cannot write \S+inner: ENOTDIR/],
      [
        folder,
        1e18,
        /has room for \d+ MB, expected at least 1000000000000 MB; make room or choose/,
      ],
      // No folder can be made there, whoever asks.
      ['/dev/null/x', 1, /^cannot write \/dev\/null\/x: ENOTDIR/],
    ] as const) {
      assert.throws(
        () => requireRoom(path, bytes),
        (error: Error) => error instanceof InputError && told.test(error.message),
      );
    }
    assert.equal(readFileSync(file, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder).sort(), ['a', 'file']);
  });
});
