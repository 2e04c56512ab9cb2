import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, cellText, hasTag, readNotebook } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';

const IMPORT = /^import (?:type )?([^;]*?) from [^;]*;\n?/gm;
const MOST_LINES = 5;

/** What a section needs is imported where the section begins, and a student can read it. */
describe('the imports of the notebooks', () => {
  const folder = join(projectRoot, 'notebooks', 'instructor');
  const isCode = ({ cell_type }: Cell) => cell_type === 'code';

  const files = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  for (const file of files) {
    const { cells } = readNotebook(join(folder, file));
    const importing = cells.filter((cell) => isCode(cell) && cellText(cell).match(IMPORT));

    it(`of ${file} stand a few lines at a time in cells that run without an answer`, () => {
      assert.ok(importing.length > 5);
      for (const cell of importing) {
        const lines = cellText(cell).match(IMPORT)!.join('').trimEnd().split('\n').length;
        assert.ok(lines <= MOST_LINES, `${cell.id} has ${lines} lines of imports`);
        // A cell that fails declares nothing for the cells below it.
        assert.ok(!cell.metadata.nbgrader && !hasTag(cell, 'runs-answer'), cell.id);
      }
    });

    it(`of ${file} take no name that neither code nor text uses`, () => {
      const text = cells.filter((cell) => !isCode(cell)).map(cellText);
      const named = text.flatMap((markdown) => markdown.match(/`[^`]+`/g) ?? []);
      for (const cell of importing) {
        const after = cells.slice(cells.indexOf(cell)).filter(isCode).map(cellText);
        const used = [...named, ...after.map((code) => code.replace(IMPORT, ''))].join('\n');
        for (const [, names] of cellText(cell).matchAll(IMPORT)) {
          for (const name of names!.replace('* as ', '').match(/\w+/g)!) {
            assert.match(used, new RegExp(`(?<![^.]\\.)\\b${name}\\b`), `${cell.id}: ${name}`);
          }
        }
      }
    });
  }
});
