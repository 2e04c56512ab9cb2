import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { makeThreads } from '../../../lib/engine/native/threads';

/** What the workers of these tests do with a job. */
type Job = Readonly<Record<number, 'work' | 'fail' | 'throw' | 'exit' | 'wait'>>;

/**
 * Worker `index` does what the job says for it; work takes a while and leaves a mark, and who waits
 * for another fails when told that it will not come.
 */
const script = `
  const { parentPort, workerData: { index, marks } } = require('node:worker_threads');
  parentPort.on('message', (job) => {
    const task = job[index];
    if (task === 'throw') throw new Error('broken');
    if (task === 'exit') return setTimeout(() => process.exit(3), 200);
    if (task === 'fail') return parentPort.postMessage({ error: 'failed' });
    Atomics.wait(marks, 2, 0, task === 'wait' ? 20_000 : 100);
    if (task === 'wait') return parentPort.postMessage({ error: 'left alone' });
    Atomics.add(marks, index, 1);
    parentPort.postMessage({});
  });
`;

describe("the native engine's threads", () => {
  function make() {
    const marks = new Int32Array(new SharedArrayBuffer(12));
    let [started, told] = [0, 0];
    const start = (index: number) => {
      started++;
      const worker = new Worker(script, { eval: true, workerData: { index, marks } });
      worker.unref();
      return worker;
    };
    const threads = makeThreads<Job>(2, start, () => {
      if (Atomics.notify(marks, 2) > 0) told++;
    });
    return { marks, threads, started: () => started, told: () => told };
  }

  it('have all ended a job when one of them has failed, and go on', async () => {
    const { marks, threads, started } = make();
    await assert.rejects(threads.all({ 0: 'fail', 1: 'work' }), /failed/);
    assert.equal(Atomics.load(marks, 1), 1, 'the other was waited for');
    await threads.all({ 0: 'work', 1: 'work' });
    assert.deepEqual([...marks], [1, 2, 0]);
    assert.equal(started(), 2);
  });

  for (const [end, message] of [
    ['throw', /broken/],
    ['exit', /ended in the middle of its job/],
  ] as const) {
    it(`are replaced when they end by ${end}`, async () => {
      const { marks, threads, started } = make();
      await assert.rejects(threads.all({ 0: 'work', 1: end }), message);
      assert.equal(Atomics.load(marks, 0), 1);
      await threads.all({ 0: 'work', 1: 'work' });
      assert.deepEqual([...marks], [2, 1, 0]);
      assert.equal(started(), 3);
    });
  }

  it('are told when one ends that they wait for, whose error comes and not theirs', async () => {
    const { threads, told } = make();
    await threads.all({ 0: 'work', 1: 'work' });
    await assert.rejects(threads.all({ 0: 'wait', 1: 'exit' }), /ended in the middle of its job/);
    assert.equal(told(), 1);
  });

  describe('share a job by parts', () => {
    /** The parts that were given, as 'thread of threads', for each of so many jobs at once. */
    async function partsOf(jobs: number, most: number) {
      const { threads, marks } = make();
      const given: string[][] = [];
      const all = Array.from({ length: jobs }, () => {
        const own: string[] = [];
        given.push(own);
        return threads.some(most, (thread, of) => {
          own.push(`${thread} of ${of}`);
          return { 0: 'work', 1: 'work' };
        });
      });
      await Promise.all(all);
      return { given, marks: [...marks] };
    }

    it('all that are idle, at most so many', async () => {
      const { given, marks } = await partsOf(1, 2.9);
      assert.deepEqual(given, [['0 of 2', '1 of 2']]);
      assert.deepEqual(marks, [1, 1, 0]);
      assert.deepEqual((await partsOf(1, 0.3)).given, [['0 of 1']]);
    });

    it('one each where two begin at once', async () => {
      const { given, marks } = await partsOf(2, 2);
      assert.deepEqual(given, [['0 of 1'], ['0 of 1']]);
      assert.deepEqual(marks, [1, 1, 0]);
    });

    it('and one does all beside a job that has the others', async () => {
      const { threads } = make();
      const alone = threads.one({ 0: 'work', 1: 'work' });
      const parts: number[] = [];
      await threads.some(2, (_, of) => {
        parts.push(of);
        return { 0: 'work', 1: 'work' };
      });
      await alone;
      assert.deepEqual(parts, [1]);
    });

    it('have all ended when a part has failed', async () => {
      const { threads, marks } = make();
      await assert.rejects(
        threads.some(2, () => ({ 0: 'fail', 1: 'work' })),
        /failed/,
      );
      assert.equal(Atomics.load(marks, 1), 1, 'the other was waited for');
    });
  });

  it('share single jobs, those first that have least to do', async () => {
    const { marks, threads } = make();
    await Promise.all([1, 2, 3, 4].map(() => threads.one({ 0: 'work', 1: 'work' })));
    assert.deepEqual([...marks], [2, 2, 0]);
  });
});
