import assert from 'node:assert/strict';
import { renderNotebook } from '../../lib/report/notebook';
import { code } from './cells';

const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text });

describe('a notebook in the report', () => {
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
});
