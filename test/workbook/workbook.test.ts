import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  type Cell,
  cellText,
  type Notebook,
  notebookText,
  readNotebook,
  wholeText,
} from '../../lib/ipynb';
import { PROGRESS_MIME } from '../../lib/notebook/progress';
import { projectRoot } from '../../lib/root';
import {
  CODE_STUB,
  checkWorkbook,
  solution,
  studentCopy,
  TEXT_STUB,
  whyNoSolution,
  writeWorkbook,
} from '../../lib/workbook';
import { temporaryFolder } from '../temporaryFolder';

const instructor = join(projectRoot, 'notebooks', 'instructor');
const solutions = join(projectRoot, 'notebooks', 'solutions');
const sources = readdirSync(instructor).filter((name) => name.endsWith('.ipynb'));

const nbgrader = { grade_id: 'x', grade: false, locked: false, task: false, schema_version: 3 };
function codeCell(source: string, metadata: Cell['metadata'] = {}): Cell {
  return {
    id: 'a-cell',
    cell_type: 'code',
    metadata,
    execution_count: 3,
    outputs: [{ output_type: 'execute_result', execution_count: 3, data: {}, metadata: {} }],
    source: source.split(/(?<=\n)/),
  };
}
const notebookOf = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: { pathlab: { size: 'full' } },
  nbformat: 4,
  nbformat_minor: 5,
});
const answered = `function f(): number {
  // BEGIN SOLUTION
  const x = 1;
  return x;
  // END SOLUTION
}`;

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

describe('solutions', () => {
  const own: Cell = { ...codeCell('save()', { tags: ['instructor'] }), id: 'own' };
  const source = notebookOf(codeCell(answered), own);

  it('keep outputs, and no counts; streams in one piece', () => {
    const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text: [text] });
    const executed = notebookOf(
      {
        ...codeCell(answered, { execution: { 'iopub.execute_input': '2026' } } as Cell['metadata']),
        outputs: [stream('a\n'), stream('b\n'), ...(codeCell('').outputs ?? [])],
      },
      own,
    );
    const { cells } = solution(executed, source);
    assert.equal(cells.length, 1);
    assert.deepEqual(cells[0]!.metadata, {});
    assert.deepEqual(cells[0]!.outputs, [
      { output_type: 'stream', name: 'stdout', text: ['a\n', 'b\n'] },
      { output_type: 'execute_result', execution_count: null, data: {}, metadata: {} },
    ]);
  });

  it('are told from other cells, failures and small runs', () => {
    assert.equal(whyNoSolution(source, source), undefined);
    const other = notebookOf(codeCell(`${answered}\n`));
    assert.match(whyNoSolution(other, source)!, /'a-cell' differs from the source/);
    const more = notebookOf(...source.cells, { ...codeCell('1'), id: 'more' });
    assert.match(whyNoSolution(more, source)!, /'more' is not in the source/);
    const error = [{ output_type: 'error', ename: 'E', evalue: '', traceback: [] }];
    const failed = notebookOf({ ...codeCell(answered), outputs: error });
    assert.match(whyNoSolution(failed, source)!, /'a-cell' failed/);
    const small = { ...source, metadata: { pathlab: { size: 'small' } } };
    assert.match(whyNoSolution(small, source)!, /size small, not full/);
  });
});

describe('the workbook', () => {
  const cells = sources.flatMap((name) => readNotebook(join(instructor, name)).cells);
  const text = cells.map(cellText).join('\n');

  it('is worth 10 points and 2 extra, in the text and for nbgrader', () => {
    const inText = new Map(
      [...text.matchAll(/^## Task (\d\.\d) \((\d) points?(?: extra)?\)/gm)].map(
        ([, task, points]) => [task!, Number(points)],
      ),
    );
    const inMetadata = new Map<string, number>();
    for (const { metadata, id } of cells) {
      if (metadata.nbgrader?.points === undefined) continue;
      const [, a, b] = /^task-(\d)-(\d)-/.exec(id)!;
      const task = `${a}.${b}`;
      inMetadata.set(task, (inMetadata.get(task) ?? 0) + metadata.nbgrader.points);
    }
    assert.deepEqual(inMetadata, inText);
    const all = [...inText.values()].reduce((sum, points) => sum + points);
    assert.deepEqual([all, inText.get('3.2')], [12, 2]);
    assert.match(text, /\*\*10 points, and 2 extra\.\*\*/);
  });

  it('shows in each check the points that nbgrader gives for it', () => {
    const checks = cells.filter(
      ({ metadata, cell_type }) => metadata.nbgrader?.grade && cell_type === 'code',
    );
    assert.equal(checks.length, 13);
    for (const { id, source, metadata } of checks) {
      const shown = /await award\(\s*([\d.]+),/.exec(wholeText(source))?.[1];
      assert.equal(Number(shown), metadata.nbgrader!.points, id);
    }
  });

  it('names each graded cell as its id, once', () => {
    const ids = cells.flatMap(({ id, metadata }) =>
      metadata.nbgrader ? [[id, metadata.nbgrader.grade_id]] : [],
    );
    for (const [id, gradeId] of ids) assert.equal(gradeId, id);
  });

  it('has the stub of its nbgrader settings', () => {
    const config = readFileSync(join(projectRoot, 'lib', 'jupyter', 'nbgrader_config.py'), 'utf8');
    assert.ok(config.includes(`{"typescript": "${CODE_STUB}"}`));
    assert.ok(config.includes(`text_stub = "${TEXT_STUB}"`));
  });

  it('is solved with every plot as a picture and every table as a table, nothing missing', () => {
    const cells = readdirSync(solutions).flatMap(
      (name) => readNotebook(join(solutions, name)).cells,
    );
    type Bundle = Readonly<Record<string, unknown>>;
    const shownBy = ({ outputs = [] }: Cell) =>
      outputs.flatMap(({ data }) => (data ? [data as Bundle] : []));
    for (const cell of cells.filter(({ cell_type }) => cell_type === 'code')) {
      const asked = cellText(cell).match(/await display\(/g)?.length ?? 0;
      const shown = shownBy(cell).filter((data) => !(PROGRESS_MIME in data)).length;
      assert.ok(shown >= asked, `${cell.id} shows ${shown} of ${asked}`);
    }
    const outputs = cells.flatMap(({ outputs: all = [] }) => all);
    const bundles = cells.flatMap(shownBy);
    const plots = bundles.filter((data) => Object.keys(data).some((mime) => /vega/.test(mime)));
    const tables = bundles.filter((data) => /\d rows? × /.test(String(data['text/plain'])));
    assert.ok(plots.length > 0 && tables.length > 0);
    for (const plot of plots) {
      assert.match([plot['image/svg+xml']].flat().join(''), /<svg[^>]*>[\s\S]*aria-label=/);
    }
    for (const table of tables) assert.match([table['text/html']].flat().join(''), /<table>/);
    assert.doesNotMatch(JSON.stringify(outputs), new RegExp(projectRoot));
  });
});

describe('a folder of notebooks', () => {
  /**
   * The project's own sources, copied, so that nothing of them is touched, and as carried out at
   * full size. Whether its own solutions are in step is what `npm run notebooks -- --check` says.
   */
  function copied(): { folder: string; path: (name: string) => string } {
    const folder = temporaryFolder();
    const sources = join(folder, 'instructor');
    cpSync(join(projectRoot, 'notebooks', 'instructor'), sources, { recursive: true });
    mkdirSync(join(folder, 'solutions'));
    for (const name of readdirSync(sources).filter((file) => file.endsWith('.ipynb'))) {
      const source = readNotebook(join(sources, name));
      const executed = { ...source, metadata: { ...source.metadata, pathlab: { size: 'full' } } };
      writeFileSync(join(folder, 'solutions', name), notebookText(solution(executed, source)));
    }
    writeWorkbook(folder, join(folder, 'nothing'));
    return { folder, path: (name) => join(folder, name) };
  }
  const change = (path: string, from: string, to: string) => {
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(path, text.replace(from, to));
  };

  it('is in step once it is written', () => {
    assert.deepEqual(checkWorkbook(copied().folder), []);
  });

  it('tells what is out of step, and changes nothing when it checks', () => {
    const { folder, path } = copied();
    change(path('part-0.ipynb'), 'Part 0', 'Part O');
    change(path('solutions/part-1.ipynb'), 'const lab = openLab();', 'const lab = openLab() ;');
    rmSync(path('solutions/part-2.ipynb'));
    const before = readFileSync(path('part-0.ipynb'), 'utf8');
    const problems = checkWorkbook(folder);
    assert.equal(problems.length, 3);
    assert.match(problems[0]!, /part-0\.ipynb is out of step: run npm run notebooks/);
    assert.match(problems[1]!, /solutions.part-1\.ipynb is out of step, cell 'imports' differs/);
    assert.match(problems[2]!, /part-2\.ipynb is out of step, it is missing: run npm run lab/);
    assert.equal(readFileSync(path('part-0.ipynb'), 'utf8'), before);
  });

  it("brings a solution's text up to date without a run, which it does not depend on", () => {
    const { folder, path } = copied();
    change(path('instructor/part-1.ipynb'), 'repeat their walk, and', 'repeat their walk and');
    assert.match(checkWorkbook(folder).join(), /solutions.part-1\.ipynb holds .* an older text/);
    assert.deepEqual(writeWorkbook(folder, folder), []);
    assert.deepEqual(checkWorkbook(folder), []);
    assert.match(readFileSync(path('solutions/part-1.ipynb'), 'utf8'), /repeat their walk and/);
  });

  it('clears what was carried out in a source, and says so before', () => {
    const { folder, path } = copied();
    change(path('instructor/part-0.ipynb'), '"execution_count": null', '"execution_count": 7');
    assert.match(checkWorkbook(folder).join(), /part-0\.ipynb holds outputs or counts/);
    assert.deepEqual(writeWorkbook(folder, folder), []);
    assert.deepEqual(checkWorkbook(folder), []);
  });

  it('wants a run at full size for the solutions', () => {
    const { folder, path } = copied();
    rmSync(path('solutions/part-0.ipynb'));
    assert.match(
      writeWorkbook(folder, path('nothing')).join(),
      /no solution of part-0\.ipynb in .*nothing, it has not been carried out: run npm run lab -- --part 0/,
    );
    const executed = readNotebook(path('instructor/part-0.ipynb'));
    const run = (size: string) => {
      mkdirSync(path('run'), { recursive: true });
      const metadata = { ...executed.metadata, pathlab: { size } };
      writeFileSync(path('run/part-0.ipynb'), notebookText({ ...executed, metadata }));
      return writeWorkbook(folder, path('run')).join();
    };
    assert.match(run('small'), /carried out at size small, not full/);
    assert.equal(run('full'), '');
    assert.ok(readNotebook(path('solutions/part-0.ipynb')).cells.length > 0);
  });

  it('does not write over a copy that somebody has worked in, nor over any other then', () => {
    const { folder, path } = copied();
    change(path('part-1.ipynb'), CODE_STUB, 'return a;');
    rmSync(path('part-0.ipynb'));
    assert.throws(
      () => writeWorkbook(folder, folder),
      /part-1\.ipynb holds outputs or answers, so somebody has worked in it; rename it/,
    );
    assert.ok(!existsSync(path('part-0.ipynb')));
    const other = copied();
    change(other.path('part-2.ipynb'), '"outputs": []', '"outputs": [{"output_type": "stream"}]');
    assert.throws(() => writeWorkbook(other.folder, folder), /part-2\.ipynb holds outputs/);
  });

  it('says when the sources are not there', () => {
    assert.throws(() => checkWorkbook(temporaryFolder()), /instructor is not there, and every/);
  });
});
