import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathPlot } from '../../lib/plots';
import { writeReport } from '../../lib/report';
import { temporaryFolder } from '../temporaryFolder';
import { code } from './cells';

describe('the report', () => {
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
