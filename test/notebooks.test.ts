import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../lib/root';

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: readonly string[];
}

describe('the notebooks', () => {
  const folder = join(projectRoot, 'notebooks', 'instructor');
  const notebooks = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  const cellsOf = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')).cells as Cell[];
  const text = notebooks
    .flatMap(cellsOf)
    .map(({ source }) => source.join(''))
    .join('\n');

  it('are one a part, with ids that say what a cell is', () => {
    const parts = ['0', '1', '2', '3.1', '3.2', '4.1', '4.2'];
    assert.deepEqual(
      notebooks,
      parts.map((part) => `part-${part}.ipynb`),
    );
    for (const name of notebooks) {
      const cells = cellsOf(name);
      assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
      for (const { id } of cells) assert.match(id, /^[a-z0-9-]+$/);
    }
  });

  it("have the original lab's tasks with their points", () => {
    const tasks = [...text.matchAll(/^## Task (\d\.\d) \((\d) points?( extra)?\)/gm)];
    assert.deepEqual(
      tasks.map(([, task, points, extra = '']) => `${task}: ${points}${extra}`),
      ['1.1: 1', '1.2: 2', '2.1: 1', '2.2: 2', '2.3: 1', '2.4: 1', '3.1: 2', '3.2: 2 extra'],
    );
  });

  it("evaluate the original lab's modes", () => {
    for (const mode of [
      'linear_combination_of_two_minima',
      'linear_combination_of_minimum_and_init',
      'linear_combination_of_minimum_and_random',
      'linear_combination_of_two_randoms',
      '1-bend_chain',
    ]) {
      assert.ok(text.includes(mode), mode);
    }
  });
});
