import assert from 'node:assert/strict';
import { parseJson } from '../../lib/weights/json';

describe('the JSON of safetensors', () => {
  // serde_json 1.0, de.rs: it begins with 128, takes 1 for each bracket, and refuses at 0.
  it('is nested up to 127 times, as serde_json reads it', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    let value = parseJson(nested(127));
    let depth = 0;
    for (; Array.isArray(value); [value] = value) depth++;
    assert.equal(depth, 127);
    assert.throws(() => parseJson(nested(128)), SyntaxError);
  });

  it('is refused by a SyntaxError and no other error', () => {
    for (const text of ['', '?', '[', '{"a"', '{"a":}', '"', '[1,]', '-', '01', 'nul', '1 1']) {
      assert.throws(() => parseJson(text), SyntaxError, text);
    }
  });
});
