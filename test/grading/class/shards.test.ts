import assert from 'node:assert/strict';
import { keepGrade } from '../../../lib/grading/class/kept';
import { noteRegrade } from '../../../lib/grading/class/regrades';
import { merge, share } from '../../../lib/grading/class/shards';
import { type Mark, saveMarks } from '../../../lib/grading/marks/marks';
import { keepDownloaded, keptDownloaded } from '../../../lib/grading/roster/downloaded';
import { temporaryFolder } from '../../temporaryFolder';
import { gradeOf } from '../marks/someGrade';

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

  it('keep the names under which feedback goes back when they are put together', () => {
    const out = temporaryFolder();
    const shards = ['ann', 'bob'].map((student) => {
      const folder = temporaryFolder();
      keepGrade(folder, gradeOf(student), 'key');
      keepDownloaded(folder, [{ student, downloaded: `${student}_1_2_part-1.ipynb` }]);
      return folder;
    });
    merge(shards, out);
    assert.deepEqual(Object.fromEntries(keptDownloaded(out)), {
      ann: 'ann_1_2_part-1.ipynb',
      bob: 'bob_1_2_part-1.ipynb',
    });
  });

  it('are not put over grades that were judged again since', () => {
    const [share, out] = [temporaryFolder(), temporaryFolder()];
    keepGrade(share, gradeOf('ann'), 'key');
    merge([share], out);
    noteRegrade(out, { by: 'somebody', why: 'another bar', judged: 1, changed: [] });
    assert.throws(() => merge([share], out), /^InputError: grade: .* was judged again since/);
  });

  describe('marked in several folders', () => {
    const [early, late] = ['2026-11-01T08:00:00.000Z', '2026-11-02T08:00:00.000Z'];
    const mark = (points: number, time?: string): Mark => ({
      points,
      comment: '',
      ...(time && { time }),
    });
    const folders = (...marks: Record<string, Mark>[]) =>
      marks.map((given) => {
        const folder = temporaryFolder();
        keepGrade(folder, gradeOf('ann'), 'key');
        saveMarks(folder, 'ann', given);
        return folder;
      });
    const points = (given: Record<string, Mark>) =>
      Object.fromEntries(Object.entries(given).map(([id, one]) => [id, one.points]));

    it('have the later mark, and merging again leaves it', () => {
      const shards = folders(
        { a: mark(1, late), b: mark(1, early) },
        { a: mark(2, early), c: mark(1) },
      );
      const out = temporaryFolder();
      assert.deepEqual(points(merge(shards, out).marks.ann!), { a: 1, b: 1, c: 1 });
      saveMarks(out, 'ann', { b: mark(3, late), c: mark(3, early) });
      assert.deepEqual(points(merge(shards, out).marks.ann!), { a: 1, b: 3, c: 3 });
      saveMarks(shards[1]!, 'ann', { c: mark(4, late) });
      assert.deepEqual(points(merge(shards, out).marks.ann!), { a: 1, b: 3, c: 4 });
    });

    it('without times have those of the last folder, then those given where they are merged', () => {
      const shards = folders({ a: mark(1) }, { a: mark(2) });
      const out = temporaryFolder();
      assert.deepEqual(points(merge(shards, out).marks.ann!), { a: 2 });
      saveMarks(out, 'ann', { a: mark(3) });
      assert.deepEqual(points(merge(shards, out).marks.ann!), { a: 3 });
    });
  });
});
