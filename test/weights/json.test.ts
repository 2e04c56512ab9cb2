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
    const words = ['', '?', '[', '"', '"\\', '"a', '[1,]', '-', '01', 'nul', '1 1'];
    const objects = ['{"a"', '{"a":}', '{a":1}', '{\\"a":1}', '{"a', '{1', '{1:2}', '{"a":1,}'];
    for (const text of [...words, ...objects]) {
      assert.throws(() => parseJson(text), SyntaxError, text);
    }
  });

  it('has texts with escapes, which end at the first quotation mark that is not escaped', () => {
    const text = String.raw`{"a\"":"\\","\u00e4":"","b":"\ud83d\ude00"}`;
    assert.deepEqual(parseJson(text), {
      members: [
        ['a"', '\\'],
        ['ä', ''],
        ['b', '😀'],
      ],
    });
  });

  // serde_json gives -0 as a floating point too, which is no size.
  it('tells whole numbers from those with a point or an exponent, which −0 belongs to', () => {
    assert.deepEqual(parseJson(' [3, -1, 1.5, 1e2, 1.5e2, -0]\t\r\n'), [
      3n,
      -1n,
      1.5,
      100,
      150,
      -0,
    ]);
  });
});
