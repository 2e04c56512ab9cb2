import assert from 'node:assert/strict';
import { fileName } from '../../../lib/grading/marks/fileName';

describe('a student’s name as a file’s', () => {
  it('is the name where it can be, and another for each where it cannot', () => {
    assert.equal(fileName('Zoë M. 2'), 'Zoë M. 2');
    assert.match(fileName('../../etc'), /^_.*-[0-9a-f]{6}$/);
    assert.notEqual(fileName('a/b'), fileName('a:b'));
    assert.notEqual(fileName('Overview'), 'Overview');
    const tagged = fileName("O'Brien");
    assert.match(tagged, /^O_Brien-[0-9a-f]{6}$/);
    assert.notEqual(fileName(tagged), tagged, 'another student is called that');
    // A name has 255 bytes at most on Linux, that of a file which is being written among them.
    for (const letter of ['𝐀', '李', 'é']) {
      const { length } = Buffer.from(`${fileName(letter.repeat(60) + letter)}.json.gz`);
      assert.ok(length <= 255 - '.pathlab-4194304.tmp'.length, `${letter}: ${length}`);
    }
    // Cut between characters, or it could be no address.
    assert.ok(encodeURIComponent(fileName(`${'x'.repeat(59)}𠮷y`)).length > 60);
  });
});
