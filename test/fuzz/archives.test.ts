import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../lib/errors';
import { unzip } from '../../lib/grading/submitted/unzip';
import { generator } from '../../lib/random';
import { writeZip } from '../grading/zip';
import { temporaryFolder } from '../temporaryFolder';
import { mutatedBytes } from './mutate';

/** As in readers.test.ts: `LAB_FUZZ=100000` is the long form. */
const inputs = Number(process.env.LAB_FUZZ ?? 500);
const from = Number(process.env.LAB_FUZZ_FROM ?? 0);
const MOST_SECONDS = 1;
const ROOM = { files: 8, bytes: 100_000 };

describe('an archive that was damaged, or made to harm', function () {
  if (process.env.LAB_FUZZ !== undefined) this.timeout(0);

  it('is unpacked into its folder and nowhere else, or refused in a sentence', async () => {
    const own = temporaryFolder();
    const [archive, folder] = [join(own, 'a.zip'), join(own, 'unpacked')];
    await writeZip(archive, { 'part-0.ipynb': '{"cells":[]}', 'aa/b.bin': 'w'.repeat(3000) });
    const honest = readFileSync(archive);
    // Names of the same length that lead out of the folder.
    const hostile = Buffer.from(honest.toString('latin1').replaceAll('aa/b', '../b'), 'latin1');
    const seeds = [honest, hostile];
    let [unpacked, slowest] = [0, 0];
    for (let i = from; i < from + inputs; i++) {
      writeFileSync(archive, mutatedBytes(generator(2027, i), seeds[i % seeds.length]!));
      mkdirSync(folder);
      const begun = process.cpuUsage();
      try {
        await unzip(archive, folder, ROOM);
        unpacked++;
      } catch (error) {
        assert.ok(error instanceof InputError, `input ${i}\n${(error as Error).stack}`);
        assert.doesNotMatch(error.message, /\n./, `input ${i}`);
      }
      const { user, system } = process.cpuUsage(begun);
      slowest = Math.max(slowest, user + system);
      assert.deepEqual(readdirSync(own).sort(), ['a.zip', 'unpacked'], `input ${i}`);
      rmSync(folder, { recursive: true });
    }
    assert.ok(slowest / 1e6 < MOST_SECONDS, `${slowest} µs`);
    if (process.env.LAB_FUZZ === undefined) return;
    const megabytes = Math.round(process.memoryUsage().rss / 1e6);
    console.log(
      `      ${inputs} inputs, ${unpacked} unpacked, ${slowest / 1000} ms, ${megabytes} MB`,
    );
  });
});
