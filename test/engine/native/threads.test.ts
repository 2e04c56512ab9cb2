import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { makeThreads } from '../../../lib/engine/native/threads';

/** What the workers of these tests do with a job. */
type Job = Readonly<Record<number, 'work' | 'fail' | 'throw' | 'exit'>>;

/** Worker `index` does what the job says for it; work takes a while and leaves a mark. */
const script = `
  const { parentPort, workerData: { index, marks } } = require('node:worker_threads');
  parentPort.on('message', (job) => {
    const task = job[index];
    if (task === 'throw') throw new Error('broken');
    if (task === 'exit') process.exit(3);
    if (task === 'fail') return parentPort.postMessage({ error: 'failed' });
    Atomics.wait(marks, 2, 0, 100);
    Atomics.add(marks, index, 1);
    parentPort.postMessage({});
  });
`;

describe("the native engine's threads", () => {
  function make() {
    const marks = new Int32Array(new SharedArrayBuffer(12));
    let started = 0;
    const threads = makeThreads<Job>(2, (index) => {
      started++;
      const worker = new Worker(script, { eval: true, workerData: { index, marks } });
      worker.unref();
      return worker;
    });
    return { marks, threads, started: () => started };
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

  it('share single jobs, those first that have least to do', async () => {
    const { marks, threads } = make();
    await Promise.all([1, 2, 3, 4].map(() => threads.one({ 0: 'work', 1: 'work' })));
    assert.deepEqual([...marks], [2, 2, 0]);
  });
});
