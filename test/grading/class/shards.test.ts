import assert from 'node:assert/strict';
import { share } from '../../../lib/grading/class/shards';

describe('submissions', () => {
  it('are shared among machines, each to one', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((student) => ({
      student,
      notebooks: [],
      saved: [],
      beside: [],
      notes: [],
      time: 0,
    }));
    const shares = ['1/2', '2/2'].map((shard) => share(all, shard, '7'));
    assert.deepEqual(
      shares.map((one) => one.map(({ student }) => student).join('')),
      ['ace', 'bd'],
    );
    assert.equal(share(all, undefined, undefined), all);
    for (const shard of ['0/2', '3/2', '1', 'a/b', '1/0']) {
      assert.throws(() => share(all, shard, '7'), /--shard must be i\/n/, shard);
    }
  });
});
