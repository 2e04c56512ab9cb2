import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import type { Ran } from './stockTslab';

/**
 * The students' copies open in a stock tslab as well, whose TypeScript is that of 2023: every cell
 * compiles there after those above it, and Part 0, which asks for no answers, runs.
 */
describe('in a stock tslab', function () {
  this.timeout(120_000);
  const folder = join(projectRoot, 'notebooks');

  const wrongIn = (verb: 'compile' | 'run', name: string): Ran[] => {
    const script = join(__dirname, 'stockTslab.ts');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', script, verb, join(folder, name)],
      { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    const last = stdout.trimEnd().split('\n').at(-1)!;
    assert.ok(last.startsWith('['), stderr);
    const ran = JSON.parse(last) as Ran[];
    assert.ok(ran.length > 5, 'too few cells');
    return ran.filter(({ errors }) => errors.length > 0);
  };

  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ipynb'))) {
    it(`every cell of ${name} compiles`, () => assert.deepEqual(wrongIn('compile', name), []));
  }
  it('every cell of part-0.ipynb runs', () => assert.deepEqual(wrongIn('run', 'part-0.ipynb'), []));
});
