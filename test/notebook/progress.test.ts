import assert from 'node:assert/strict';
import { PROGRESS_MIME, progress, track } from '../../lib/notebook/progress';

const KERNEL = Symbol.for('Jupyter.kernel');
const kernels = globalThis as { [KERNEL]?: object };
type Shown = { bundle: Record<string, unknown>; displayId: string; update: boolean };

describe('progress', () => {
  let shown: Shown[] = [];
  const now = performance.now;
  let clock = 0;

  beforeEach(() => {
    shown = [];
    clock = 0;
    performance.now = () => clock;
    kernels[KERNEL] = {
      display: (bundle: Shown['bundle'], options: Omit<Shown, 'bundle'>) =>
        shown.push({ bundle, ...options }),
    };
  });
  afterEach(() => {
    performance.now = now;
    delete kernels[KERNEL];
  });

  it('updates one display in place, with rate and time left, and leaves one line', () => {
    const bar = progress(10, 'training');
    clock = 2000;
    bar.update(4, 'loss 0.5');
    clock = 5000;
    bar.update(10);
    bar.finish();
    assert.deepEqual(
      shown.map(({ update }) => update),
      [false, true, true, true],
    );
    assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 1);
    // 4 of 10 in 2 s: 2 a second, so 3 s are left.
    assert.deepEqual(shown[1]!.bundle[PROGRESS_MIME], {
      label: 'training',
      done: 4,
      total: 10,
      secondsLeft: 3,
    });
    assert.match(String(shown[1]!.bundle['text/plain']), /4\/10 · 3 s left · 2\.0\/s · loss 0\.5$/);
    const last = shown[3]!.bundle;
    assert.match(String(last['text/plain']), /^training 10\/10 · took 5\.0 s/);
    assert.ok(!(PROGRESS_MIME in last) && !String(last['text/html']).includes('<progress'));
  });

  it('says where it was stopped when the cell is interrupted, and nothing after that', () => {
    const cell = new AbortController();
    Object.assign(kernels[KERNEL]!, { signal: () => cell.signal });
    const bar = progress(10, 'training');
    clock = 3000;
    bar.update(4);
    cell.abort();
    bar.update(5);
    bar.finish();
    assert.equal(shown.length, 3);
    const last = shown[2]!.bundle;
    assert.match(String(last['text/plain']), /^training 4\/10 · stopped after 3\.0 s/);
    assert.ok(!String(last['text/html']).includes('<progress'));
  });

  it('hears nothing of interrupts after its end', () => {
    const cell = new AbortController();
    Object.assign(kernels[KERNEL]!, { signal: () => cell.signal });
    progress(1, 'training').finish();
    cell.abort();
    assert.equal(shown.length, 2);
  });

  it('draws no more than five times a second', () => {
    const bar = progress(1000, 'fast');
    for (let i = 1; i <= 1000; i++) {
      clock = i;
      bar.update(i);
    }
    assert.equal(shown.length, 6, 'the start, and one each 200 ms of the second');
  });

  it('nests, each bar in a display of its own, and escapes its label', () => {
    for (const _ of track([1], '<outer>')) {
      for (const _ of track([1, 2], 'inner')) clock += 300;
    }
    assert.equal(new Set(shown.map(({ displayId }) => displayId)).size, 2);
    assert.ok(String(shown[0]!.bundle['text/html']).includes('&#60;outer&#62;'));
  });
});
