import assert from 'node:assert/strict';
import { join } from 'node:path';
import { cellText, readNotebook } from '../../lib/ipynb';
import { renderMarkdown } from '../../lib/report/markdown';
import { projectRoot } from '../../lib/root';
import { partsOf } from '../../lib/standing';

describe('Markdown', () => {
  it('renders formulas as MathML and leaves prices alone', () => {
    const html = renderMarkdown(
      'The loss $\\mathcal{L}(w)$ and\n\n$$\\frac{1}{2}$$\n\ncost $5 or $6.',
    );
    assert.equal(html.match(/<math/g)?.length, 2);
    assert.match(html, /display="block"/);
    assert.match(html, /cost \$5 or \$6\./);
    assert.doesNotMatch(html, /\\frac/);
  });

  it('leaves what is no formula as it was typed, and renders the others', () => {
    for (const text of ['x^', 'x_{', '\\none', '\ud800x', '</code>^']) {
      const html = renderMarkdown(`before $${text}$ after $y$`);
      assert.match(html, /^<p>before <code class="no-formula">\$.*\$<\/code> after <math/, text);
    }
  });

  it("of the lab's own notebooks holds no such formula", () => {
    for (const path of partsOf(join(projectRoot, 'notebooks', 'instructor'))) {
      for (const cell of readNotebook(path).cells.filter((one) => one.cell_type === 'markdown')) {
        assert.doesNotMatch(renderMarkdown(cellText(cell)), /no-formula/, `${path}, ${cell.id}`);
      }
    }
  });
});
