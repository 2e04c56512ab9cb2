import assert from 'node:assert/strict';
import { cellText } from '../../lib/ipynb';
import { CODE_STUB, studentCopy, TEXT_STUB } from '../../lib/workbook';
import { answered, codeCell, nbgrader, notebookOf } from './cells';

describe('student copies', () => {
  it('have a stub at the place and indentation of an answer, and nothing carried out', () => {
    const source = notebookOf(codeCell(answered, { nbgrader: { ...nbgrader, solution: true } }));
    const [cell] = studentCopy(source).cells;
    assert.equal(cellText(cell!), `function f(): number {\n  ${CODE_STUB}\n}`);
    assert.deepEqual(cell!.source, ['function f(): number {\n', `  ${CODE_STUB}\n`, '}']);
    assert.deepEqual([cell!.execution_count, cell!.outputs], [null, []]);
    assert.deepEqual([cell!.metadata.deletable, cell!.metadata.editable], [false, undefined]);
  });

  it('lose a whole written answer, and what only the instructor needs', () => {
    const written = {
      id: 'words',
      cell_type: 'markdown',
      metadata: { nbgrader: { ...nbgrader, grade: true, points: 1, solution: true } },
      source: ['An answer.'],
    };
    const own = codeCell('lab.saveFigures();', { tags: ['instructor'] });
    const { cells } = studentCopy(notebookOf(written, own));
    assert.deepEqual(
      cells.map(({ source }) => source),
      [[TEXT_STUB]],
    );
  });

  it('lock what is given', () => {
    const locked = codeCell('await award(…)', {
      nbgrader: { ...nbgrader, grade: true, points: 1, solution: false, locked: true },
    });
    const [cell] = studentCopy(notebookOf(locked)).cells;
    assert.deepEqual([cell!.metadata.deletable, cell!.metadata.editable], [false, false]);
  });

  it('lose hidden tests and mark schemes, as by nbgrader 0.9.6', () => {
    const copied = (source: string, kind: object, cell_type = 'code') => {
      const cell = {
        ...codeCell(source, { nbgrader: { ...nbgrader, ...kind } as never }),
        cell_type,
      };
      return studentCopy(notebookOf(cell)).cells[0]!.source;
    };
    const [graded, task] = [
      { grade: true, points: 1, solution: false },
      { task: true, points: 1 },
    ];
    const hidden = '// BEGIN HIDDEN TESTS\nsecret();\n// END HIDDEN TESTS';
    assert.deepEqual(copied(`seen();\n${hidden}`, graded), ['seen();']);
    assert.deepEqual(copied(`${hidden}\n${hidden}\nseen();\n`, graded), ['seen();\n']);
    const scheme = '=== BEGIN MARK SCHEME ===\nsecret\n=== END MARK SCHEME ===';
    const asked = ['Explain.\n', 'At length.'];
    assert.deepEqual(
      copied(`Explain.\n${scheme}\nAt length.`, { ...task, solution: false }, 'markdown'),
      asked,
    );
    // Within a cell that is an answer as a whole, nothing of them is left either.
    assert.deepEqual(copied(`f();\n${hidden}`, { ...graded, solution: true }), [CODE_STUB]);
    const answer = 'Because:\n  BEGIN SOLUTION\nsecret\n  END SOLUTION';
    const written = copied(answer, { ...graded, solution: true }, 'markdown');
    assert.deepEqual(written, ['Because:\n', `  ${TEXT_STUB}`]);
  });

  it('are refused where nbgrader refuses hidden tests and mark schemes', () => {
    const refused = (source: string, kind: object, message: RegExp) => {
      const cell = codeCell(source, {
        nbgrader: { ...nbgrader, solution: false, ...kind } as never,
      });
      assert.throws(() => studentCopy(notebookOf(cell)), message);
    };
    for (const [name, kind] of [
      ['HIDDEN TESTS', { grade: true }],
      ['MARK SCHEME', { task: true }],
    ] as const) {
      const [begin, end] = [`// BEGIN ${name}`, `// END ${name}`];
      refused(`${begin}\n1`, kind, new RegExp(`a-cell: BEGIN ${name} has no END ${name}`));
      refused(`${begin}\n${begin}\n${end}`, kind, /stands twice before/);
      refused(`1\n${end}`, kind, new RegExp(`END ${name} stands before BEGIN ${name}`));
      refused(
        `${begin}\n${end}`,
        {},
        /in a cell that nbgrader's metadata do not call (grade|task)/,
      );
    }
    refused('// BEGIN SOLUTION\n// END SOLUTION', {}, /do not call solution/);
    const image = '// BEGIN MARK SCHEME\n![a](attachment:a.png)\n// END MARK SCHEME';
    refused(image, { task: true }, /has an attachment, which students would get/);
    assert.throws(
      () => studentCopy(notebookOf(codeCell('// BEGIN HIDDEN TESTS'))),
      /not call grade/,
    );
  });

  it('are refused when a region does not end, or does not begin', () => {
    const broken = (source: string) => () =>
      studentCopy(notebookOf(codeCell(source, { nbgrader: { ...nbgrader, solution: true } })));
    assert.throws(broken('// BEGIN SOLUTION\n1'), /a-cell: BEGIN SOLUTION has no END SOLUTION/);
    assert.throws(broken('1\n// END SOLUTION'), /END SOLUTION stands before BEGIN/);
    assert.throws(broken('// BEGIN SOLUTION\n// BEGIN SOLUTION'), /stands twice/);
  });
});
