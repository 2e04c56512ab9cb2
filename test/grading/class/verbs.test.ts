import assert from 'node:assert/strict';
import { folderVerbOf } from '../../../lib/grading/class/verbs';

describe('what npm run grade is to do', () => {
  it('is one thing, and no option does nothing', () => {
    assert.equal(folderVerbOf(['out', 'size', 'seed', 'roster', 'assignment']), undefined);
    assert.equal(folderVerbOf(['rejudge', 'why']), 'rejudge');
    assert.equal(folderVerbOf(['merge', 'out']), 'merge');
    for (const [given, told] of [
      [['mark', 'merge'], /^InputError: grade: --mark or --merge, not both$/],
      [['why'], /--why does something with --rejudge alone; leave it out$/],
      [
        ['mark', 'why'],
        /--why does something with --rejudge alone, not with --mark; leave it out$/,
      ],
      [['merge', 'roster'], /--roster does .* where submissions are graded, not with --merge/],
      [['assignment'], /--assignment names the lab in the gradebook of a --roster/],
    ] as const) {
      assert.throws(
        () => folderVerbOf(given),
        (error) => told.test(String(error)),
        given.join(),
      );
    }
  });
});
