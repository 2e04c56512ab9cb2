import assert from 'node:assert/strict';
import { limited } from '../../lib/kernel/limited';

describe('limited', () => {
  const pass = (texts: readonly string[]) => {
    const passed: string[] = [];
    const stream = limited((text) => passed.push(text), 10, 4);
    for (const text of texts) stream.write(text);
    stream.end();
    return passed.join('');
  };

  it('passes on what is short enough, to the last character', () => {
    assert.equal(pass(['0123456789']), '0123456789');
    assert.equal(pass(['01234', '56789abcd']), '0123456789abcd');
  });

  it('leaves out the middle of what is longer, and counts it', () => {
    const notice =
      '\n[… too much to show: what follows is left out, but for its end …]\n' +
      '\n[… 26 characters left out here …]\n';
    const long = `0123456789${'x'.repeat(26)}wxyz`;
    assert.equal(pass([long]), `0123456789${notice}wxyz`);
    assert.equal(pass([...long]), `0123456789${notice}wxyz`);
  });

  it('begins anew after its end', () => {
    const passed: string[] = [];
    const stream = limited((text) => passed.push(text), 1, 1);
    for (let round = 0; round < 2; round++) {
      stream.write('abc');
      stream.end();
    }
    const one = 'a\n[… 1 characters left out here …]\nc';
    assert.equal(passed.join(''), one + one);
  });
});
