import assert from 'node:assert/strict';
import { award, type Check } from '../../lib/checks';
import { pointsOf } from '../../lib/checks/award';

/** What `award` returns, and what it shows. */
async function awarded(points: number, check: Check): Promise<[earned: number, shown: string]> {
  const { log } = console;
  let shown = '';
  console.log = (text: string) => {
    shown += text;
  };
  try {
    return [await award(points, check), shown];
  } finally {
    console.log = log;
  }
}

describe('award', () => {
  it('earns the share that holds, and shows the check', async () => {
    const check: Check = {
      task: '9.9',
      findings: [
        { what: 'one', verdict: 'holds' },
        { what: 'two', verdict: 'fails', hint: 'look there' },
        { what: 'three', verdict: 'not answered' },
      ],
    };
    assert.deepEqual(await awarded(1.5, check), [
      0.5,
      'Task 9.9: 0.5 of 1.5 points\n✓ one\n✗ two: look there\n… three: not answered yet',
    ]);
    const [earned, shown] = await awarded(1, check);
    assert.equal(earned, 0.33);
    assert.match(shown, /^Task 9\.9: 0\.33 of 1 point\n/);
  });

  it('earns two thirds for two of three, and nothing for no finding', () => {
    assert.deepEqual([pointsOf(1.5, 2, 3), pointsOf(2, 1, 1), pointsOf(2, 0, 0)], [1, 2, 0]);
  });
});
