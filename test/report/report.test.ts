import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathPlot } from '../../lib/plots';
import { writeReport } from '../../lib/report';
import { renderMarkdown } from '../../lib/report/markdown';
import { renderNotebook } from '../../lib/report/notebook';
import { temporaryFolder } from '../temporaryFolder';

const code = (source: string, ...outputs: object[]) => ({
  id: 'a-cell',
  cell_type: 'code',
  metadata: {},
  source,
  outputs: outputs as never[],
});
const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text });

describe('the report', () => {
  it('renders formulas as MathML and leaves prices alone', () => {
    const html = renderMarkdown(
      'The loss $\\mathcal{L}(w)$ and\n\n$$\\frac{1}{2}$$\n\ncost $5 or $6.',
    );
    assert.equal(html.match(/<math/g)?.length, 2);
    assert.match(html, /display="block"/);
    assert.match(html, /cost \$5 or \$6\./);
    assert.doesNotMatch(html, /\\frac/);
  });

  it('escapes code and text, drops colours, and joins what was printed in pieces', () => {
    const html = renderNotebook({
      cells: [code('a < b && "c"', stream('\x1b[31m<one>\x1b[0m\n'), stream('two\n'))],
    });
    assert.match(html, /a &#60; b &#38;&#38; &#34;c&#34;/);
    assert.match(html, /<pre class="stdout">&#60;one&#62;\ntwo\n<\/pre>/);
  });

  it('shows an error as text', () => {
    const error = { output_type: 'error', traceback: ['\x1b[31mTypeError\x1b[0m', 'at cell 1'] };
    assert.match(renderNotebook({ cells: [code('x', error)] }), /TypeError\nat cell 1/);
  });

  it('is one file that loads nothing, with live plots over still ones', () => {
    const folder = temporaryFolder();
    const figures = {
      ts: [0, 1],
      trainLoss: [1, 2],
      trainAcc: [0, 1],
      testLoss: [1, 2],
      testAcc: [0, 1],
    };
    const plot = pathPlot({ '</script><b>': figures });
    const data = {
      'application/vnd.vegalite.v5+json': plot,
      'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
      'text/plain': plot.description,
    };
    const cells = [
      { cell_type: 'markdown', source: ['# Title\n', 'text'] },
      code('plot', { output_type: 'display_data', data }),
    ];
    const notebook = join(folder, 'part-9.ipynb');
    writeFileSync(notebook, JSON.stringify({ cells, nbformat: 4 }));
    const path = join(folder, 'report.html');
    writeReport(path, { trainAccuracy: [1, 1], line: { peakTrainLoss: 0.68235 } }, [notebook]);
    const html = readFileSync(path, 'utf8');
    assert.doesNotMatch(html, /<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:)?\/\//i);
    assert.match(
      html,
      /<th>largest train loss on the straight line \(nats\)<\/th><td>0\.6824<\/td>/,
    );
    assert.match(
      html,
      /<img alt="Loss and accuracy along the path; [^"]+" src="data:image\/svg\+xml;base64,/,
    );
    // The spec is in the page, and cannot end its script element early.
    const [, spec] = /<script type="application\/json" class="spec">(.*?)<\/script>/s.exec(html)!;
    assert.deepEqual(JSON.parse(spec!), JSON.parse(JSON.stringify(plot)));
    assert.match(html, /vegaEmbed/);
    // Scripts open and close in pairs: three libraries, the starter and one spec.
    assert.equal(html.match(/<\/script>/g)?.length, 5);
  });
});
