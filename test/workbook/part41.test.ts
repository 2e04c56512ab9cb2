import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readNotebook } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';

/** What Part 4.1's solution shows is what it says that it is. */

interface Chart {
  readonly hconcat: readonly {
    data: { values: readonly { name: string; x: number; y: number }[] };
  }[];
}

const { cells } = readNotebook(join(projectRoot, 'notebooks', 'solutions', 'part-4.1.ipynb'));

function shown(id: string, type: string): unknown[] {
  const outputs = cells.find((cell) => cell.id === id)?.outputs ?? [];
  return outputs
    .map(({ data }) => (data as Record<string, unknown> | undefined)?.[type])
    .filter((value) => value !== undefined)
    .map((value) => (Array.isArray(value) ? value.join('') : value));
}

function printed(id: string): string {
  const outputs = cells.find((cell) => cell.id === id)?.outputs ?? [];
  return outputs
    .flatMap((output) => (output as { text?: string | readonly string[] }).text ?? [])
    .join('');
}

describe("Part 4.1's solution", () => {
  it('tells critical points by their weights: nine directions curve down for each neuron asleep', () => {
    const table = shown('critical-plot', 'text/plain').find((text) => /what it is/.test(`${text}`));
    const rows = `${table}`.split('\n').map((row) => row.trim().split(/ {2,}/));
    const asleep = rows
      .filter(([, kind]) => kind === 'neurons asleep')
      .map((row) => row.map(Number));
    assert.ok(asleep.length > 0);
    for (const [loss, , different, without, index] of asleep) {
      assert.equal(index, without! + 9 * (8 - different!), `at ${loss} nats`);
    }
    // With no neuron awake the loss is convex, so there is one such point, above all others.
    const [highest] = asleep;
    assert.deepEqual([highest![2], highest![3]], [0, 0]);
  });

  it('shows no point twice, as one with neurons asleep and as one with all awake', () => {
    const [{ hconcat }] = shown('critical-plot', 'application/vnd.vegalite.v5+json') as [Chart];
    const lossesOf = (name: string) =>
      hconcat[0]!.data.values.filter((point) => point.name === name).map(({ x }) => x);
    const awake = lossesOf('all awake, in the net of 8');
    assert.ok(awake.length > 0);
    const both = lossesOf('neurons asleep, in the net of 8').filter((x) => awake.includes(x));
    assert.deepEqual(both, []);
  });

  it('draws no curve through searches that have nothing to do with each other', () => {
    const bars = shown('critical', 'text/html').join('');
    assert.match(bars, /searches/);
    assert.doesNotMatch(bars, /<img/);
  });

  it('compares twenty power steps with as few products of Lanczos as one eigenvalue takes', () => {
    const [, products] = /after (\d+) products/.exec(printed('task-4-1-power-run'))!;
    assert.ok(Number(products) <= 20, `${products} products`);
  });
});
