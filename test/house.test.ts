import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../lib/root';

/** What a compiler made, packages, and the folder of the cells that are tested, or were. */
const FOREIGN = /(^|\/)(dist|node_modules|build)\/|^test\/kernel\/notebook-/;
/** The kernels of WebAssembly, and lists of cases. */
const LONG = ['lib/engine/native/assembly/', 'test/kernel/notebooks/'];
const MOST_LINES = 250;
/** What fits a screen. */
const MOST_OF_FUNCTION = 60;
/** So many lines in a row that stand twice are one thing. */
const TWICE = 6;

const files = ['lib', 'test', 'bench'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(ts|cjs|py)$/.test(path) && !FOREIGN.test(path)),
);
const known = new Set(files);
const textOf = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

/** The files of the project that a file imports, for types too. */
function importsOf(path: string): string[] {
  return ts.preProcessFile(textOf(path)).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const at = relative(projectRoot, resolve(projectRoot, dirname(path), fileName));
    const found = [`${at}.ts`, join(at, 'index.ts'), at].find((one) => known.has(one));
    return found === undefined ? [] : [found];
  });
}

const sources = files.filter((path) => path.endsWith('.ts'));
const imports = new Map(sources.map((path) => [path, importsOf(path)]));

/** A way along imports from a file back to itself, if there is one. */
function circleThrough(start: string): string | undefined {
  const ways = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, start].join(' → ');
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** The functions of a file with a body of their own, each with its place and the lines it takes. */
function functionsIn(path: string, text = textOf(path)) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  const found: { readonly place: string; readonly lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = lineOf(node.getStart(file));
      found.push({ place: `${path}:${first}`, lines: lineOf(node.end) - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Runs of as many lines as are one thing that stand at two places, but for imports and comments. */
function repeated(texts: ReadonlyMap<string, string>): string[] {
  const seen = new Map<string, string>();
  const pairs: string[] = [];
  for (const [path, text] of texts) {
    const lines = text
      .split('\n')
      .map((line, i) => ({ line: line.trim(), place: `${path}:${i + 1}` }));
    const own = lines.filter(
      ({ line }) => /\w/.test(line) && !/^(\/?\*|\/\/|#|import |from |\} from )/.test(line),
    );
    for (let i = 0; i + TWICE <= own.length; i++) {
      const run = own
        .slice(i, i + TWICE)
        .map(({ line }) => line)
        .join('\n');
      const before = seen.get(run);
      if (before === undefined) seen.set(run, own[i]!.place);
      else pairs.push(`${before} ~ ${own[i]!.place}`);
    }
  }
  return pairs;
}

describe('the house', () => {
  it('is read as it is: imports of values, of types, of folders', () => {
    const of = (path: string) => imports.get(path) ?? [];
    assert.ok(of('test/house.test.ts').includes('lib/root.ts'));
    assert.ok(of('lib/plots/planePlot.ts').includes('lib/plane/index.ts'), 'types of a folder');
    const everything = [...imports.values()].flat().length;
    assert.ok(everything > 2 * sources.length, `${everything} imports of ${sources.length} files`);
  });

  it('has no circle of imports, nor of types', () => {
    assert.deepEqual(
      sources.map(circleThrough).filter((circle) => circle !== undefined),
      [],
    );
  });

  // Tests and bench may know everything. In lib a room is known to those named, and to itself.
  for (const [room, knownTo] of [
    ['lib/kernel/', 'lib/notebook/'],
    ['lib/grading/', 'lib/commands/'],
    ['lib/jupyter/', 'lib/commands/'],
    ['lib/commands/', 'nobody'],
    ['test/', 'nobody'],
    ['bench/', 'nobody'],
  ] as const) {
    it(`has ${room} known to ${knownTo} in lib`, () => {
      const others = sources.filter(
        (path) => path.startsWith('lib/') && !path.startsWith(room) && !path.startsWith(knownTo),
      );
      const knowing = others.flatMap((path) =>
        imports
          .get(path)!
          .filter((name) => name.startsWith(room))
          .map((name) => `${path} → ${name}`),
      );
      assert.deepEqual(knowing, []);
    });
  }

  it('has a kernel that is a package of its own', () => {
    const ofKernel = sources.filter((path) => path.startsWith('lib/kernel/'));
    const others = ofKernel.flatMap((path) =>
      imports.get(path)!.filter((name) => !name.startsWith('lib/kernel/')),
    );
    assert.deepEqual(others, []);
  });

  const long = files.filter((path) => textOf(path).split('\n').length - 1 > MOST_LINES);

  it(`has no file over ${MOST_LINES} lines`, () => {
    const excused = (path: string) => LONG.some((folder) => path.startsWith(folder));
    assert.deepEqual(
      long.filter((path) => !excused(path)),
      [],
    );
  });

  it(`has no function in lib over ${MOST_OF_FUNCTION} lines`, () => {
    const body = 'n += 1;\n'.repeat(3);
    assert.deepEqual(
      functionsIn('a.ts', `let n = 0;\nconst f = () => {\n${body}};\nclass A { g() { n = 1; } }`),
      [
        { place: 'a.ts:2', lines: 5 },
        { place: 'a.ts:7', lines: 1 },
      ],
    );
    // The kernels of WebAssembly are written for the machine: their loops stand in one piece.
    const read = sources.filter((path) => path.startsWith('lib/') && !path.startsWith(LONG[0]!));
    const long = read
      .flatMap((path) => functionsIn(path))
      .filter(({ lines }) => lines > MOST_OF_FUNCTION)
      .map(({ place, lines }) => `${place}: ${lines} lines`);
    assert.deepEqual(long, []);
  });

  it(`has no ${TWICE} lines in a row twice`, () => {
    const lines = (n: number, more = '') =>
      Array.from({ length: n }, (_, i) => `f(${i});\n`).join(more);
    const six = repeated(
      new Map(Object.entries({ a: `import b;\n${lines(6, '// c\n')}`, b: lines(6) })),
    );
    assert.deepEqual(six, ['a:2 ~ b:1']);
    assert.deepEqual(repeated(new Map(Object.entries({ a: lines(5), b: lines(5) }))), []);
    assert.deepEqual(repeated(new Map(files.map((path) => [path, textOf(path)]))), []);
  });

  it('excuses no folder that has no such file', () => {
    const has = (folder: string) => long.some((path) => path.startsWith(folder));
    assert.deepEqual(
      LONG.filter((folder) => !has(folder)),
      [],
    );
  });
});
