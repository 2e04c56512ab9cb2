import assert from 'node:assert/strict';
import { award, type Check } from '../../lib/checks';

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
    const log = console.log;
    let shown = '';
    console.log = (text: string) => {
      shown += text;
    };
    try {
      assert.equal(await award(1.5, check), 0.5);
    } finally {
      console.log = log;
    }
    assert.equal(
      shown,
      'Task 9.9: 0.5 of 1.5 points\n✓ one\n✗ two: look there\n… three: not answered yet',
    );
  });
});
