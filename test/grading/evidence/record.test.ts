import assert from 'node:assert/strict';
import { checkInterpolation } from '../../../lib/checks';
import { useBackend } from '../../../lib/engine';
import type { Call } from '../../../lib/grading/evidence/call';
import { recorded } from '../../../lib/grading/evidence/record';
import { replayed } from '../../../lib/grading/evidence/replay';
import { interpolateBetweenStateDicts } from '../../../lib/paths';
import type { StateDict } from '../../../lib/weights';

describe('what a function does is recorded', () => {
  before(() => useBackend());

  it('with what async functions give, and a call that was not recorded is told of', async () => {
    const calls: Call[] = [];
    const f = recorded(async (x: number) => x + 1, calls);
    assert.equal(await f(1), 2);
    await assert.rejects(
      recorded(async () => {
        throw new Error('late');
      }, calls)() as Promise<unknown>,
      /late/,
    );
    const again = replayed(calls, []);
    assert.equal(await again(1), 2);
    await assert.rejects(again() as Promise<unknown>, /late/);
    assert.throws(again, /it was not called this often/);
  });

  it('as a promise that nobody waits for, also where it never settles', async () => {
    const answers = {
      async: async (t: number, a: StateDict, b: StateDict) => interpolateBetweenStateDicts(t, a, b),
      endless: () => new Promise<StateDict>(() => {}),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const calls: Call[] = [];
      const given = answer as unknown as Parameters<typeof checkInterpolation>[0];
      await checkInterpolation(recorded(given, calls) as typeof given, 9);
      await new Promise((resolve) => setImmediate(resolve));
      const { findings } = await checkInterpolation(replayed(calls, []) as typeof given, 9);
      const hint = findings.find(({ verdict }) => verdict !== 'holds');
      assert.match(JSON.stringify(hint), /promise/, name);
    }
  });
});
