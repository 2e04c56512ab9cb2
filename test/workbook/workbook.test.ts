import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, cellText, readNotebook, wholeText } from '../../lib/ipynb';
import { PROGRESS_MIME } from '../../lib/notebook/progress';
import { projectRoot } from '../../lib/root';
import { CODE_STUB, TEXT_STUB } from '../../lib/workbook';

const instructor = join(projectRoot, 'notebooks', 'instructor');
const solutions = join(projectRoot, 'notebooks', 'solutions');
const sources = readdirSync(instructor).filter((name) => name.endsWith('.ipynb'));

describe('the workbook', () => {
  const cells = sources.flatMap((name) => readNotebook(join(instructor, name)).cells);
  const text = cells.map(cellText).join('\n');

  it('is worth 10 points and 2 extra, in the text and for nbgrader', () => {
    const inText = new Map(
      [...text.matchAll(/^## Task (\d\.\d) \((\d) points?(?: extra)?\)/gm)].map(
        ([, task, points]) => [task!, Number(points)],
      ),
    );
    const inMetadata = new Map<string, number>();
    for (const { metadata, id } of cells) {
      if (metadata.nbgrader?.points === undefined) continue;
      const [, a, b] = /^task-(\d)-(\d)-/.exec(id)!;
      const task = `${a}.${b}`;
      inMetadata.set(task, (inMetadata.get(task) ?? 0) + metadata.nbgrader.points);
    }
    assert.deepEqual(inMetadata, inText);
    const all = [...inText.values()].reduce((sum, points) => sum + points);
    assert.deepEqual([all, inText.get('3.2')], [12, 2]);
    assert.match(text, /\*\*10 points, and 2 extra\.\*\*/);
  });

  it('shows in each check the points that nbgrader gives for it', () => {
    const checks = cells.filter(
      ({ metadata, cell_type }) => metadata.nbgrader?.grade && cell_type === 'code',
    );
    assert.equal(checks.length, 13);
    for (const { id, source, metadata } of checks) {
      const shown = /await award\(\s*([\d.]+),/.exec(wholeText(source))?.[1];
      assert.equal(Number(shown), metadata.nbgrader!.points, id);
    }
  });

  it('names each graded cell as its id, once', () => {
    const ids = cells.flatMap(({ id, metadata }) =>
      metadata.nbgrader ? [[id, metadata.nbgrader.grade_id]] : [],
    );
    for (const [id, gradeId] of ids) assert.equal(gradeId, id);
  });

  it('has the stub of its nbgrader settings', () => {
    const config = readFileSync(join(projectRoot, 'lib', 'jupyter', 'nbgrader_config.py'), 'utf8');
    assert.ok(config.includes(`{"typescript": "${CODE_STUB}"}`));
    assert.ok(config.includes(`text_stub = "${TEXT_STUB}"`));
  });

  it('is solved with every plot as a picture and every table as a table, nothing missing', () => {
    const cells = readdirSync(solutions).flatMap(
      (name) => readNotebook(join(solutions, name)).cells,
    );
    type Bundle = Readonly<Record<string, unknown>>;
    const shownBy = ({ outputs = [] }: Cell) =>
      outputs.flatMap(({ data }) => (data ? [data as Bundle] : []));
    for (const cell of cells.filter(({ cell_type }) => cell_type === 'code')) {
      const asked = cellText(cell).match(/await display\(/g)?.length ?? 0;
      const shown = shownBy(cell).filter((data) => !(PROGRESS_MIME in data)).length;
      assert.ok(shown >= asked, `${cell.id} shows ${shown} of ${asked}`);
    }
    const outputs = cells.flatMap(({ outputs: all = [] }) => all);
    const bundles = cells.flatMap(shownBy);
    const plots = bundles.filter((data) => Object.keys(data).some((mime) => /vega/.test(mime)));
    const tables = bundles.filter((data) => /\d rows? × /.test(String(data['text/plain'])));
    assert.ok(plots.length > 0 && tables.length > 0);
    for (const plot of plots) {
      assert.match([plot['image/svg+xml']].flat().join(''), /<svg[^>]*>[\s\S]*aria-label=/);
    }
    for (const table of tables) assert.match([table['text/html']].flat().join(''), /<table>/);
    assert.doesNotMatch(JSON.stringify(outputs), new RegExp(projectRoot));
  });
});
