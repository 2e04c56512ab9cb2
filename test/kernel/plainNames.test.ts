import { strict as assert } from 'node:assert';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import { plainNames, withAgain } from '../../lib/kernel/compiler/plainNames';
import type { Compiled, Refused } from '../../lib/kernel/messages';

describe('plainNames', () => {
  it("takes the cells' namespaces out", () => {
    assert.equal(plainNames("type '__cell_12__.A' of __packages__.m3.B"), "type 'A' of B");
  });
});

describe('withAgain', () => {
  it('says of two types of one name that it was declared again', () => {
    const compiler = createCompiler(__dirname);
    for (const code of ['class A { x = 1 }\nconst a = new A();', 'class A { x = 1; y = 2 }']) {
      compiler.learn((compiler.compile(code) as Compiled).knowledge);
    }
    const { complaints } = compiler.compile('const b: A = a;') as Refused;
    assert.deepEqual(
      complaints.map(({ message }) => message),
      [
        "Property 'y' is missing in type 'A' but required in type 'A'.\n" +
          "'A' was declared again since, and what was made before is of the older 'A': make it again.",
      ],
    );
  });

  it('says nothing more of others, and of one type twice', () => {
    for (const text of ["'__cell_1__.A' and '__cell_2__.B'", "'__cell_1__.A', '__cell_1__.A'"]) {
      assert.equal(withAgain(text), plainNames(text));
    }
  });
});
