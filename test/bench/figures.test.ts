import assert from 'node:assert/strict';
import { requireSame } from '../../bench/nets';
import type { Pair } from '../../bench/rows';
import { table } from '../../bench/table';

const ours: Pair[] = [
  [2.3, 0.1],
  [0.9, 0.7],
  [0.4, 0.85],
];
/** Ours with one figure moved. */
const moved = (i: number, loss: number, accuracy: number): Pair[] =>
  ours.map(([l, a], k) => (k === i ? [l * (1 + loss), a + accuracy] : [l, a]));

describe('bench: figures before times', () => {
  it('takes what differs by rounding', () => {
    requireSame('tuned, epoch', ours, moved(0, 0.9e-5, 1e-4));
    requireSame('tuned, epoch', ours, moved(2, -0.9e-3, 0.01));
  });

  it('refuses what is another computation, or no number', () => {
    for (const theirs of [
      moved(0, 1.1e-5, 0),
      moved(0, 0, 2e-4),
      moved(1, 1.1e-3, 0),
      moved(2, -1.1e-3, 0),
      moved(1, Number.NaN, 0),
    ]) {
      assert.throws(
        () => requireSame('jax, epoch', ours, theirs),
        /^Error: jax, epoch: .*not the same computation, so its time says nothing$/,
      );
    }
  });

  it('the table says which peer is not installed, and which has no such row', () => {
    const run = (side: 'ours' | 'tuned', value: number) =>
      ({ side, row: 'vgg', value, memory: 100 }) as const;
    const runs = [run('ours', 60), run('tuned', 20), run('ours', 30), run('tuned', 20)];
    const [, , vgg] = table(['vgg'], ['ours', 'tuned'], runs).split('\n');
    // Medians of 60 and 30, of 60/20 and 30/20; JAX and the template have no convolutions.
    assert.equal(
      vgg,
      '| training step of VGG11/8, batch 64 (ms) | 45 | 100 | 20 | 100 | 2.25 (1.5–3) | — | — | — | — |',
    );
    const [, , epoch] = table(['epoch'], ['ours'], []).split('\n');
    assert.equal(epoch!.match(/not installed/g)?.length, 7);
  });
});
