import assert from 'node:assert/strict';
import { join } from 'node:path';
import { remarks } from '../../../lib/grading/submitted/remarks';
import { readNotebook } from '../../../lib/ipynb';
import { projectRoot } from '../../../lib/root';

describe('a notebook', () => {
  const of = (id: string, source: string) =>
    remarks({
      cells: [{ id, cell_type: 'code', metadata: {}, source: [source] }],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    });

  it('is looked at where it hands a task on to the library', () => {
    assert.deepEqual(of('task-2-1-function', 'return chain(a, b, theta).at(t);'), [
      "task-2-1-function calls the library's chain",
    ]);
    assert.deepEqual(of('x', "import { getStateDictFromChain } from 'pathlab';"), [
      'x takes getStateDictFromChain from the library',
    ]);
    for (const taking of [
      "import { type Path, getStateDictFromChain as f } from 'pathlab';",
      "import * as lab from 'pathlab';\nconst f = lab.getStateDictFromChain;",
      "const { getStateDictFromChain: f } = await import('pathlab');",
      "import { getStateDictFromChain } from 'pathlab/lab';",
      "const { getStateDictFromChain: f } = require('pathlab/lab');",
      "import * as lab from 'pathlab/lab';\nconst f = lab.getStateDictFromChain;",
    ]) {
      assert.deepEqual(of('x', taking), ['x takes getStateDictFromChain from the library'], taking);
    }
    const own = 'function getStateDictFromChain() {}';
    for (const others of [
      "import { norm } from 'pathlab';",
      "import type { StateDict } from 'pathlab';",
      "import { norm } from 'pathlab';\nimport { getStateDictFromChain } from './own';",
    ]) {
      assert.deepEqual(of('x', `${others}\n${own}`), [], others);
    }
    assert.deepEqual(of('task-2-3-basis', '// not orthogonalBasis\nreturn gramSchmidt();'), []);
    assert.deepEqual(of('constructor', "const P = require('path' + 'lab');"), [
      'constructor hides what it takes from where',
    ]);
    for (const part of ['1', '2', '3.1', '3.2']) {
      const path = join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`);
      assert.deepEqual(remarks(readNotebook(path)), [], part);
    }
  });

  it('is looked through in a moment, however it is written', () => {
    const long = (text: string) => text.repeat(190e3 / text.length);
    const hostile = [
      ...[long('/*'), long('import '), `import ${long(' ')}`, long('* as '), long('require( ')],
      ...[long('"\\'), long('`'), long('from '), long("import('"), `import x${long('\nfrom')}`],
      ...[long('=/['), long('=/\\'), long('/ '), `${long(' ')}/`, long('return /'), long('=/[]')],
    ];
    const begun = performance.now();
    for (const code of hostile.flatMap((one) => [one, `${one} 'pathlab'`])) of('x', code);
    // By patterns that begin anew at each place one of them takes minutes.
    assert.ok(performance.now() - begun < 5000);
    const more = "import { getStateDictFromChain } from 'pathlab';";
    assert.deepEqual(of('x', `/* ${long('x')} */ ${more}`), [
      'x takes getStateDictFromChain from the library',
    ]);
    assert.deepEqual(of('x', `${long('xx')}${long('x')}${more}`), [
      'x comes after 200 kB of code, and nobody looked at it',
    ]);
  });

  it('has no comments in strings, and no strings in comments', () => {
    const taking = "import { getStateDictFromChain } from 'pathlab';";
    const taken = ['x takes getStateDictFromChain from the library'];
    assert.deepEqual(of('x', `const a = '/*';\n${taking}\nconst b = '*/';`), taken);
    assert.deepEqual(of('x', `const a = /[/*]/;\n${taking}`), taken);
    // Regular expressions with the marks of comments and of strings in them.
    for (const pattern of ['/\\/*/', '/[//]/g', '/[/*]/', '/a"/', '/`/', '/\\[\\//']) {
      const line = `f(${pattern}, "//"); ${taking} // "\n/* */`;
      assert.deepEqual(of('x', line), taken, pattern);
      assert.deepEqual(of('x', `return ${line}`), taken, pattern);
      assert.deepEqual(of('x', `if (a) b(); else ${line.slice(2)}`), taken, pattern);
    }
    assert.deepEqual(of('x', `const half = (a + b) / 2; // ${taking}`), []);
    assert.deepEqual(of('x', `const third = all[0] / 3; /* ${taking} */ c / 4;`), []);
    assert.deepEqual(of('x', `n++ / 2 // ${taking}`), []);
    assert.deepEqual(of('x', `n++ / 2 + "/ /*"; ${taking} "*/";`), taken);
    assert.deepEqual(of('x', `// it's\n/* " ${taking} */`), []);
    assert.deepEqual(of('x', "const fs = require( 'node:fs' );"), []);
  });
});
