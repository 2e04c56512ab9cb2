import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unzip } from '../../../lib/grading/submitted/unzip';
import { temporaryFolder } from '../../temporaryFolder';
import { writeZip } from '../zip';

const ROOM = { files: 10, bytes: 1e6 };

describe('a zip', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = join(temporaryFolder(), 'in');
    mkdirSync(folder);
    path = join(folder, '..', 'a.zip');
  });
  /** The archive, its bytes changed: names and sizes stand in it twice, in the directory and before the file. */
  const changed = (change: (bytes: Buffer) => void) => {
    const bytes = readFileSync(path);
    change(bytes);
    writeFileSync(path, bytes);
  };
  const renamed = (from: string, to: string) =>
    changed((bytes) => {
      const text = bytes.toString('latin1').replaceAll(from, to);
      bytes.write(text, 'latin1');
    });

  it('is unpacked, without what Finder adds', async () => {
    await writeZip(path, { 'lab/part-1.ipynb': 'one', '__MACOSX/lab/._part-1.ipynb': 'x' });
    assert.deepEqual(await unzip(path, folder, ROOM), []);
    assert.deepEqual(readdirSync(folder), ['lab']);
    assert.equal(readFileSync(join(folder, 'lab', 'part-1.ipynb'), 'utf8'), 'one');
  });

  it('reaches no place outside of its folder', async () => {
    await writeZip(path, { 'aa/b.txt': 'x' });
    renamed('aa/b.txt', '../b.txt');
    await assert.rejects(unzip(path, folder, ROOM), /it cannot be unpacked: invalid relative path/);
    await writeZip(path, { 'aa/b.txt': 'x' });
    renamed('aa/b.txt', '/a/b.txt');
    await assert.rejects(unzip(path, folder, ROOM), /it cannot be unpacked: absolute path/);
    assert.ok(!existsSync(join(folder, '..', 'b.txt')));
  });

  it('leaves out links, which could lead there', async () => {
    await writeZip(path, { link: '/etc', 'link/passwd': 'x' });
    // Attributes stand 38 bytes after the directory's mark, 0o120000 is a link.
    changed((bytes) => bytes.writeUInt32LE(0o120777 * 65536, bytes.indexOf('PK\x01\x02') + 38));
    assert.deepEqual(await unzip(path, folder, ROOM), ['link']);
    assert.equal(readFileSync(join(folder, 'link', 'passwd'), 'utf8'), 'x');
  });

  it('is refused where it is too large, also where it says that it is not', async () => {
    await writeZip(path, { a: Buffer.alloc(2e6) });
    await assert.rejects(unzip(path, folder, ROOM), /more than 10 files, or more than 1 MB/);
    // The size stands 24 bytes after the directory's mark.
    changed((bytes) => bytes.writeUInt32LE(1000, bytes.indexOf('PK\x01\x02') + 24));
    await assert.rejects(unzip(path, folder, ROOM), /it cannot be unpacked: .*(too many|size)/);
    const many = Array.from({ length: 11 }, (_, i) => [`${i}`, '']);
    await writeZip(path, Object.fromEntries(many));
    await assert.rejects(unzip(path, folder, ROOM), /more than 10 files/);
  });

  it('is refused where it is damaged', async () => {
    writeFileSync(path, 'no zip');
    await assert.rejects(unzip(path, folder, ROOM), /it cannot be unpacked/);
    await writeZip(path, { a: 'some text '.repeat(100) });
    changed((bytes) => bytes.fill(0xff, 40, 60));
    await assert.rejects(unzip(path, folder, ROOM), /it cannot be unpacked/);
  });

  it('ends nobody where a file cannot be made, and its content fails later', async () => {
    await writeZip(path, { 'a b': 'some text '.repeat(100) });
    renamed('a b', 'a\0b');
    changed((bytes) => bytes.writeUInt32LE(2000, bytes.indexOf('PK\x01\x02') + 24));
    await assert.rejects(unzip(path, folder, ROOM), /it cannot be unpacked/);
    // An error that nobody hears would come in one of the next turns.
    await sleep(50);
  });
});
