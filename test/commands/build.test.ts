import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

describe('npm run build', () => {
  // Compilers of a few lines stand in for the real ones: what is told apart is what stays.
  let checkout: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  const tsx = (...command: readonly string[]) =>
    spawnSync(process.execPath, ['--require', require.resolve('tsx/cjs'), ...command], {
      cwd: checkout,
      encoding: 'utf8',
    });
  const build = () => tsx('lib/commands/build.ts');
  /** What has run since it was asked last. */
  const ran = () => {
    const lines = readFileSync(join(checkout, 'log'), 'utf8').split('\n').filter(Boolean);
    write('log', '');
    return lines;
  };
  beforeEach(() => {
    checkout = temporaryFolder();
    const ground = [
      'build.ts',
      'command.ts',
      'errors.ts',
      'files.ts',
      'lock.ts',
      'root.ts',
      'run.ts',
    ];
    for (const name of ['commands', 'engine', 'page/template.ts', ...ground]) {
      const filter = (path: string) => !path.endsWith('.wasm');
      const [from, to] = [projectRoot, checkout].map((root) => join(root, 'lib', name));
      cpSync(from!, to!, { recursive: true, filter });
    }
    const writes = (option: string, name: string) =>
      `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
      const { basename, dirname, join } = require('node:path');
      const at = process.argv.indexOf('${option}');
      appendFileSync('log', basename(__filename) + (at < 0 ? ' of the kernel' : '') + '\\n');
      if (at < 0) {
        const dist = (name) => join('lib', 'kernel', 'dist', name);
        for (const name of ['main.js', 'main.d.ts']) writeFileSync(dist(join('compiler', name)), '');
        const note = { fileNames: ['../compiler/main.ts'] };
        writeFileSync(dist('tsconfig.tsbuildinfo'), JSON.stringify(note));
        return;
      }
      const file = join(process.argv[at + 1], '${name}');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');`;
    const compile = `${process.execPath} --require ${require.resolve('tsx/cjs')} lib/commands/compile.ts`;
    write('package.json', JSON.stringify({ scripts: { compile } }));
    write('node_modules/typescript/bin/tsc', writes('--outDir', 'notebook/kernelSnapshots.js'));
    write('node_modules/assemblyscript/bin/asc.js', writes('--outFile', '.'));
    const bundles = `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
      appendFileSync('log', 'esbuild\\n');
      mkdirSync(require('node:path').dirname(outfile), { recursive: true });
      writeFileSync(outfile, '');`;
    // It bundles danfo into a file, and the live page into texts.
    const texts = "[{ path: 'main.js', text: '' }, { path: 'style.css', text: '' }]";
    write(
      'node_modules/esbuild/index.js',
      `exports.build = async ({ outfile }) => {
        if (!outfile) return { outputFiles: ${texts} };
        ${bundles}
      };`,
    );
    write('lib/page/client/page.html', '');
    write('lib/notebook/kernelSnapshots.ts', '');
    write('lib/kernel/compiler/main.ts', '');
    write('lib/kernel/dist/compiler/main.js', '');
  });

  it('notes of which sources it compiled, so that nothing compiles them again', () => {
    const isFresh = () => tsx('-p', "require('./lib/build.ts').buildIsFresh()").stdout.trim();
    assert.equal(isFresh(), 'false');
    const { status, stderr } = build();
    assert.equal(status, 0, stderr);
    assert.equal(isFresh(), 'true');
    write('lib/text.ts', '');
    assert.equal(isFresh(), 'false');
  });

  it('leaves lib/dist whole where the kernels do not compile, and drops what has no source', () => {
    write('node_modules/assemblyscript/bin/asc.js', 'process.exit(1);');
    write('lib/dist/index.js', 'before');
    write('lib/dist/engine/native/kernels.wasm', 'before');
    const kept = ['compiler/main.js', 'compiler/main.d.ts', 'compiler-node.blob.json'];
    const orphans = ['compiler/gone.js', 'compiler/gone.js.map', 'gone.d.ts'];
    for (const name of [...kept, ...orphans]) write(`lib/kernel/dist/${name}`, '');

    const { status, stderr } = build();
    assert.equal(status, 1);
    assert.match(stderr, /asc\.js failed; lib\/dist stays as it was\n$/);
    assert.deepEqual(filesIn(join(checkout, 'lib', 'dist')), [
      'engine/native/kernels.wasm',
      'index.js',
    ]);
    assert.deepEqual(
      filesIn(join(checkout, 'lib', 'kernel', 'dist')),
      [...kept, 'kernel.made', 'tsconfig.tsbuildinfo'].sort(),
    );
  });

  // TypeScript is asked each time, and finds by itself what has changed.
  it('makes again only what was made of other files', () => {
    const all = ['tsc of the kernel', 'tsc', 'asc.js', 'esbuild'];
    const gone = (path: string) => () => rmSync(join(checkout, path));
    const noted = 'lib/kernel/dist/tsconfig.tsbuildinfo';
    const changes: [what: string, change: () => void, runs: readonly string[]][] = [
      ['the first time', () => undefined, all],
      ['nothing', () => undefined, ['tsc']],
      ['lib', () => write('lib/text.ts', '// new'), ['tsc']],
      [
        'kernel',
        () => write('lib/kernel/compiler/main.ts', '// new'),
        ['tsc of the kernel', 'tsc'],
      ],
      ['kernels', () => write('lib/engine/native/assembly/a.ts', '// new'), ['tsc', 'asc.js']],
      ['another danfo', () => write('package-lock.json', '{}'), all],
      ['another way', () => write('lib/tsconfig.json', '{}'), all],
      ['the kernel lacks a file', gone('lib/kernel/dist/compiler/main.js'), all.slice(0, 2)],
      ['the kernel lacks its note', gone(noted), all.slice(0, 2)],
      ['half of that note', () => write(noted, '{"fileNames":["../com'), all.slice(0, 2)],
      ['no kernels', gone('lib/dist/engine/native/kernels.wasm'), ['tsc', 'asc.js']],
      ['no danfo', gone('lib/dist/tables/danfo.js'), ['tsc', 'esbuild']],
      [
        'lib/dist is gone',
        () => rmSync(join(checkout, 'lib/dist'), { recursive: true }),
        all.slice(1),
      ],
      ['no end', gone('lib/dist/complete.txt'), all.slice(1)],
    ];
    for (const [what, change, runs] of changes) {
      change();
      const { status, stderr } = tsx('lib/commands/compile.ts');
      assert.equal(status, 0, stderr);
      assert.deepEqual(ran(), runs, what);
      // As npm run build does in the end.
      write('lib/dist/complete.txt', '');
    }
  });

  it('takes no kernels of sources that changed while they were compiled, or that failed', () => {
    const source = 'lib/engine/native/assembly/a.ts';
    const compiler = readFileSync(join(checkout, 'node_modules/assemblyscript/bin/asc.js'), 'utf8');
    const compilerThen = (code: string) =>
      write('node_modules/assemblyscript/bin/asc.js', `{${compiler}} ${code}`);
    compilerThen(`require('node:fs').writeFileSync('${source}', '// changed');`);
    assert.equal(build().status, 0);
    compilerThen('process.exit(1);');
    write(source, '// of the beginning');
    for (let i = 0; i < 2; i++) {
      ran();
      assert.equal(build().status, 1);
      assert.ok(ran().includes('asc.js'));
    }
  });

  it('has TypeScript make all where an output is gone, and takes away what has no source', () => {
    write('lib/text.ts', '');
    assert.equal(build().status, 0);
    const note = JSON.stringify({
      fileNames: ['../../node_modules/a.d.ts', '../text.ts', '../b.d.ts'],
    });
    const there = () => filesIn(join(checkout, 'lib', 'dist'));
    for (const name of ['text.js', 'text.d.ts', 'gone.js', 'gone.d.ts', 'tables/danfo.js']) {
      write(`lib/dist/${name}`, '');
    }
    write('lib/dist/lib.tsbuildinfo', note);
    assert.equal(build().status, 0);
    assert.ok(there().includes('lib.tsbuildinfo') && there().includes('tables/danfo.js'));
    assert.deepEqual(
      there().filter((name) => name.startsWith('gone')),
      [],
    );
    rmSync(join(checkout, 'lib', 'dist', 'text.d.ts'));
    assert.equal(build().status, 0);
    assert.ok(!there().includes('lib.tsbuildinfo'));
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
