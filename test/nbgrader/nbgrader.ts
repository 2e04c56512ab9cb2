import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cell,
  hasTag,
  type Notebook,
  notebookText,
  readNotebook,
  wholeText,
} from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';

/**
 * The real nbgrader on the real notebooks and kernel, at the small size: what an instructor does
 * from source to feedback, with three students. Takes about five minutes.
 *
 *     npm run test:nbgrader
 */

const course = join(projectRoot, 'course-test');
const instructor = join(projectRoot, 'notebooks', 'instructor');
/** Part 4 earns nothing, and takes as long as all the others. */
const parts = readdirSync(instructor).filter(
  (name) => name.endsWith('.ipynb') && !name.startsWith('part-4'),
);
const students = ['solution', 'untouched', 'only-1.2'] as const;
type Student = (typeof students)[number];

function nbgrader(...args: string[]) {
  const run = spawnSync('npm', ['run', '--silent', 'nbgrader', '--', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, LAB_COURSE: course, LAB_SIZE: 'small', LAB_BACKEND: 'wasm' },
  });
  assert.equal(run.status, 0, `nbgrader ${args.join(' ')}:\n${run.stderr.slice(-3000)}`);
  return `${run.stdout}${run.stderr}`;
}

/** A released notebook with some of its answers filled in from the source. */
function submit(student: Student, name: string, answers: (cell: Cell) => boolean): void {
  const released = readNotebook(join(course, 'release', 'paths', name));
  const source = new Map(
    readNotebook(join(instructor, name)).cells.map((cell) => [cell.id, cell.source]),
  );
  const cells = released.cells.map((cell) =>
    cell.metadata.nbgrader?.solution && answers(cell)
      ? { ...cell, source: source.get(cell.id)! }
      : cell,
  );
  const folder = join(course, 'submitted', student, 'paths');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), notebookText({ ...released, cells }));
}

const autograded = (student: Student): Notebook[] =>
  parts.map((name) => readNotebook(join(course, 'autograded', student, 'paths', name)));
const errorsOf = (notebooks: Notebook[]) =>
  notebooks.flatMap(({ cells }) =>
    cells.flatMap(({ id, outputs = [] }) =>
      outputs
        .filter(({ output_type }) => output_type === 'error')
        .map(({ ename, evalue }) => `${id}: ${ename}: ${evalue}`),
    ),
  );
/** What checks show, by the ids of their cells. */
const checksOf = (notebooks: Notebook[]) =>
  notebooks.flatMap(({ cells }) =>
    cells
      .filter(({ cell_type, metadata }) => cell_type === 'code' && metadata.nbgrader?.grade)
      .map(({ id, outputs = [] }) => {
        const shown = outputs.find(({ output_type }) => output_type === 'display_data');
        const { data } = (shown ?? {}) as { data?: { 'text/plain'?: string | string[] } };
        return { id, text: [data?.['text/plain'] ?? ''].flat().join('') };
      }),
  );

describe('nbgrader', function () {
  this.timeout(900_000);
  let scores: Record<Student, Record<string, { score: number; most: number }>>;

  before(() => {
    rmSync(course, { recursive: true, force: true });
    nbgrader('generate_assignment', 'paths');
  });
  after(() => rmSync(course, { recursive: true, force: true }));

  it("releases what npm run notebooks writes, but for nbgrader's checksums", () => {
    for (const name of parts) {
      const released = readNotebook(join(course, 'release', 'paths', name));
      const ours = readNotebook(join(projectRoot, 'notebooks', name));
      const plain = ({ cells }: Notebook) =>
        cells.map(({ id, source, metadata: { nbgrader, ...metadata } }) => {
          const {
            checksum: _,
            cell_type: __,
            ...kept
          } = { ...nbgrader } as Record<string, unknown>;
          return { id, source: wholeText(source), metadata, nbgrader: kept };
        });
      assert.deepEqual(plain(released), plain(ours), name);
    }
  });

  it('grades three students', () => {
    for (const name of parts) {
      submit('solution', name, () => true);
      submit('untouched', name, () => false);
      submit('only-1.2', name, ({ id }) => id.startsWith('task-1-2'));
    }
    nbgrader('autograde', 'paths');
    const python = join(projectRoot, '.venv', 'bin', 'python');
    const script = join(projectRoot, 'test', 'nbgrader', 'scores.py');
    const { stdout } = spawnSync(python, [script, join(course, 'gradebook.db')], {
      encoding: 'utf8',
    });
    scores = JSON.parse(stdout) as typeof scores;
  });

  const total = (student: Student, which: (id: string) => boolean = () => true) =>
    Object.entries(scores[student])
      .filter(([id]) => which(id))
      .reduce((sum, [, { score }]) => sum + score, 0);

  it('gives the solution every automatic point, and each check holds', () => {
    const most = Object.values(scores.solution).reduce((sum, cell) => sum + cell.most, 0);
    assert.deepEqual([total('solution'), most], [8, 8]);
    assert.deepEqual(errorsOf(autograded('solution')), []);
    for (const { id, text } of checksOf(autograded('solution'))) {
      assert.match(text, /\n✓/, id);
      assert.doesNotMatch(text, /[✗…]/, `${id}: ${text}`);
    }
  });

  it('gives an untouched copy nothing; its errors are the stubs, where answers are run', () => {
    assert.equal(total('untouched'), 0);
    const run = autograded('untouched');
    const answers = run.flatMap(({ cells }) => cells.filter((cell) => hasTag(cell, 'runs-answer')));
    assert.deepEqual(
      errorsOf(run),
      answers.map(({ id }) => `${id}: Error: not answered yet`),
    );
    for (const { id, text } of checksOf(run)) {
      const [heading, ...findings] = text.split('\n');
      assert.match(heading!, /: 0 of [\d.]+ points?$/, id);
      assert.ok(findings.length > 0);
      for (const finding of findings)
        assert.match(finding, /^… .*: not answered yet(; if it is answered, .*)?$/, id);
    }
  });

  it('gives a copy with only Task 1.2 answered exactly its points', () => {
    const ofTask = (id: string) => id.startsWith('task-1-2');
    assert.equal(total('only-1.2', ofTask), 1.5);
    assert.equal(total('only-1.2'), 1.5);
  });

  it('validates the solution, and says of an untouched copy which cells fail', () => {
    const folder = join(course, 'validated');
    mkdirSync(folder);
    const name = 'part-1.ipynb';
    copyFileSync(join(instructor, name), join(folder, name));
    assert.match(
      nbgrader('validate', join('course-test', 'validated', name)),
      /Success! Your notebook passes/,
    );
    copyFileSync(join(projectRoot, 'notebooks', name), join(folder, name));
    rmSync(join(folder, 'lab-files'), { recursive: true, force: true });
    assert.match(
      nbgrader('validate', join('course-test', 'validated', name)),
      /VALIDATION FAILED ON \d+ CELL/,
    );
  });

  it('writes feedback', () => {
    nbgrader('generate_feedback', 'paths');
    const page = readFileSync(join(course, 'feedback', 'only-1.2', 'paths', 'part-1.html'), 'utf8');
    assert.match(page, /Task 1\.2: 1 of 1 point/);
  });
});
