import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BandName, besideBands } from '../../lib/checks';
import { projectRoot } from '../../lib/root';
import { textTable } from '../../lib/tables';
import { temporaryFolder } from '../temporaryFolder';

type Run = { readonly optimizer: string } & Readonly<Record<string, unknown>>;

describe('bands', () => {
  const runs = readFileSync(join(projectRoot, 'bench', 'bands.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Run);
  const names = Object.keys(runs[0]!).filter(
    (name) => !['optimizer', 'seeds', 'torch'].includes(name),
  ) as BandName[];
  const row = (name: BandName, yours: number) => {
    const frame = besideBands('full', { [name]: yours });
    const [values] = frame.values as unknown as [unknown[]];
    return Object.fromEntries(frame.columns.map((column, i) => [column, values[i]]));
  };

  /** Mean ± 3 s of the logarithms of a figure in the runs with one optimizer. */
  function ofOptimizer(name: BandName, optimizer: string): [low: number, high: number] {
    const logs = runs
      .filter((run) => run.optimizer === optimizer)
      .flatMap((run) => run[name] as number | number[])
      .map(Math.log);
    const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
    const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (logs.length - 1);
    const s = Math.sqrt(variance);
    return [Math.exp(mean - 3 * s), Math.exp(mean + 3 * s)];
  }

  function outwards(x: number, to: (x: number) => number): number {
    const unit = 10 ** (Math.floor(Math.log10(x)) - 2);
    // Of 1.0000000000000002, which is 1 but for rounding, 1.
    const count = Number((x / unit).toPrecision(12));
    return Number((to(count) * unit).toPrecision(3));
  }

  for (const name of names) {
    it(`${name}: SGD's and Adam's mean ± 3 standard deviations`, () => {
      const spans = ['sgd', 'adam'].map((optimizer) => ofOptimizer(name, optimizer));
      const low = outwards(Math.min(...spans.map(([from]) => from)), Math.floor);
      const high = outwards(Math.max(...spans.map(([, to]) => to)), Math.ceil);
      const most = name.includes('accuracy') ? Math.min(1, high) : high;
      assert.equal(row(name, 1).band, low === most ? String(low) : `${low} – ${most}`);
    });
  }

  it('say of what lies outside that it is no mistake by itself', () => {
    const name = 'between minima: largest train loss';
    assert.equal(row(name, 1e-3).place, 'below, no mistake by itself');
    assert.equal(row(name, 1e3).place, 'above, no mistake by itself');
    assert.equal(row(name, Number.NaN).place, 'not a number');
    assert.equal(row(name, 0.326).place, 'within', 'at the end of the band');
    assert.equal(row(name, 3.15).place, 'within', 'at its other end');
  });

  it('say of a loss that is not finite that it may have diverged', () => {
    const name = 'between minima: largest train loss';
    assert.equal(row(name, Infinity).place, 'not finite: did the loss diverge?');
    assert.equal(row(name, -Infinity).place, 'not finite: did the loss diverge?');
  });

  it('say nothing of a figure that is missing, nor of another set', () => {
    const figures = { 'test accuracy at a minimum': undefined, 'train accuracy at a minimum': 1 };
    assert.equal(besideBands('full', figures as never).values.length, 1);
    process.env.LAB_DATA = temporaryFolder();
    try {
      assert.deepEqual(row('test accuracy at a minimum', 0.9), {
        name: 'test accuracy at a minimum',
        yours: 0.9,
      });
    } finally {
      delete process.env.LAB_DATA;
    }
  });

  it('place no figure at the small size', () => {
    const small = textTable(besideBands('small', { 'test accuracy at a minimum': 0.9 }));
    assert.match(small, /rehearsal/);
  });
});
