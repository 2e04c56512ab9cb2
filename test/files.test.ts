import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../lib/errors';
import { appendLine, requireRoom, writeAtomically } from '../lib/files';
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

  it('writes through a link, also one to nothing yet, and says where links go round', () => {
    const own = temporaryFolder();
    mkdirSync(join(own, 'a', 'b'), { recursive: true });
    writeFileSync(join(own, 'a', 'real'), 'old');
    symlinkSync('../real', join(own, 'a', 'b', 'link'));
    // By way of a linked folder, above which `..` is elsewhere than it looks.
    symlinkSync(join('a', 'b'), join(own, 'short'));
    symlinkSync('later', join(own, 'dangling'));
    symlinkSync('round', join(own, 'round'));
    symlinkSync('short/../beside', join(own, 'up'));
    writeAtomically(join(own, 'short', 'link'), 'new');
    assert.equal(readFileSync(join(own, 'a', 'real'), 'utf8'), 'new');
    writeAtomically(join(own, 'dangling'), 'made');
    assert.equal(readFileSync(join(own, 'later'), 'utf8'), 'made');
    writeAtomically(join(own, 'up'), 'up');
    assert.equal(readFileSync(join(own, 'a', 'beside'), 'utf8'), 'up');
    assert.ok(
      ['short/link', 'dangling', 'up'].every((of) => lstatSync(join(own, of)).isSymbolicLink()),
    );
    assert.throws(
      () => writeAtomically(join(own, 'round'), 'x'),
      /InputError: cannot write .*ELOOP/,
    );
    assert.deepEqual(readdirSync(own).sort(), ['a', 'dangling', 'later', 'round', 'short', 'up']);
  });

  it('leaves it to the same people as before, and a new file to whom the umask says', () => {
    const own = temporaryFolder();
    const before = process.umask(0o027);
    try {
      for (const mode of [0o600, 0o664, 0o755]) {
        const path = join(own, mode.toString(8));
        writeFileSync(path, 'old');
        chmodSync(path, mode);
        writeAtomically(path, 'new');
        assert.equal((statSync(path).mode & 0o777).toString(8), mode.toString(8));
      }
      writeAtomically(join(own, 'new'), 'new');
      assert.equal(statSync(join(own, 'new')).mode & 0o777, 0o640, '0o666 less 0o027');
    } finally {
      process.umask(before);
    }
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

  it('clears up after writers that were killed, and leaves the files of all others', () => {
    const own = temporaryFolder();
    const { pid: dead } = spawnSync('true');
    const longAgo = new Date(Date.now() - 120_000);
    const names = {
      killed: `plane.json.pathlab-${dead}.tmp`,
      'of another machine, or just killed': `w.safetensors.pathlab-${dead}.tmp`,
      alive: `a.json.pathlab-${process.pid}.tmp`,
      "another program's": `b.json.${dead}.tmp`,
    };
    for (const name of Object.values(names)) {
      writeFileSync(join(own, name), 'half');
      if (!name.startsWith('w.')) utimesSync(join(own, name), longAgo, longAgo);
    }
    requireRoom(own, 1);
    const { killed, ...others } = names;
    assert.deepEqual(readdirSync(own).sort(), Object.values(others).sort(), `${killed} is gone`);
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

  // In a process of its own, as what does not come back cannot be stopped from inside.
  // Where there is no /proc, as on macOS, nobody can make it either.
  it('comes back from where no folder can be made', () => {
    const script = `require('tsx/cjs');
      const { requireRoom, writeAtomically } = require('./lib/files.ts');
      for (const path of ['/proc/x', '/proc/x/y', '/proc/self/x', '/sys/x', '/dev/null/x/y']) {
        for (const act of [() => requireRoom(path), () => writeAtomically(path + '/file', '')]) {
          try { act(); console.log(path); } catch (error) { console.log(error.name); }
        }
      }`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      cwd: resolve(__dirname, '..'),
      timeout: 20_000,
    });
    assert.equal(stdout, 'InputError\n'.repeat(10));
  });
});

describe('appendLine', () => {
  it('leaves the lines before it, and one that was torn on a line of its own', () => {
    const path = join(temporaryFolder(), 'log');
    appendLine(path, 'one');
    // As a power loss leaves it.
    writeFileSync(path, 'tw', { flag: 'a' });
    appendLine(path, 'three');
    appendLine(path, 'four');
    assert.equal(readFileSync(path, 'utf8'), 'one\ntw\nthree\nfour\n');
    assert.throws(() => appendLine(join(path, 'log'), 'x'), /^InputError: cannot write .*ENOTDIR/);
  });
});
