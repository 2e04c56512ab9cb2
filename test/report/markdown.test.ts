import assert from 'node:assert/strict';
import { renderMarkdown } from '../../lib/report/markdown';

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
});
