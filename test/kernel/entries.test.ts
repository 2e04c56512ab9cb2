import assert from 'node:assert/strict';
import type { Client } from './client';
import { resultOf, startKeeping } from './kept';

/** In plain Node `pathlab` has no checks (test/package): notebooks of before find them all the same. */
describe("pathlab in the lab's kernel", () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKeeping();
  });
  after(() => kernel.close());

  it('is pathlab/lab, by import, by require and later', async () => {
    await kernel.run(
      "import { award, display, norm } from 'pathlab';\nimport * as lab from 'pathlab/lab';",
    );
    for (const code of [
      'award === lab.award && display === lab.display && norm === lab.norm',
      "require('pathlab') === require('pathlab/lab')",
      "(await import('pathlab')).award === award",
    ]) {
      assert.equal(resultOf(await kernel.run(code))?.['text/plain'], 'true', code);
    }
  });

  it('is checked for its types under either name', async () => {
    for (const from of ['pathlab', 'pathlab/lab']) {
      for (const [code, told] of [
        [`import { award } from '${from}'; const n: number = award;`, /not assignable to.*number/],
        [`import { awarded } from '${from}';`, /no exported member.*'awarded'/],
      ] as const) {
        const { reply } = await kernel.run(code);
        assert.match(String(reply.evalue), told, code);
      }
    }
  });
});
