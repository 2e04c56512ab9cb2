import assert from 'node:assert/strict';
import { duration, escapeHtml, printable } from '../lib/text';

describe('text', () => {
  it('stands for itself in HTML and SVG, between tags and in attributes', () => {
    // The five characters that the HTML standard lets mean something there, by their code points.
    assert.equal(
      escapeHtml(`<b title="a & 'b'">`),
      '&#60;b title=&#34;a &#38; &#39;b&#39;&#34;&#62;',
    );
    assert.equal(escapeHtml('û·v̂ = 0'), 'û·v̂ = 0');
    // XML 1.0, production [2] Char: of the control characters below U+0020 three alone.
    assert.equal(escapeHtml('\0a\x1b[1m\t\r\n\uffff'), '\ufffda\ufffd[1m\t\r\n\ufffd');
  });

  it('tells seconds in words, rounded before they are split', () => {
    // 59.6 s are a minute, and never 60 s; 3599.7 s an hour.
    for (const [seconds, words] of [
      [0, '0 s'],
      [59.4, '59 s'],
      [59.6, '1 min 00 s'],
      [65, '1 min 05 s'],
      [3599.7, '1 h 00 min'],
      [7380, '2 h 03 min'],
    ] as const) {
      assert.equal(duration(seconds), words);
    }
  });

  it('cannot move, colour or turn a terminal', () => {
    // Escape, a line feed, a right-to-left override and an isolate.
    assert.equal(printable('a\x1b[31mb\nc\u202ed\u2066'), 'a\ufffd[31mb\ufffdc\ufffdd\ufffd');
    assert.equal(printable('Zoë 王'), 'Zoë 王');
  });
});
