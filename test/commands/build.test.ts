import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
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
    for (const name of ['commands', 'engine', ...ground]) {
      const filter = (path: string) => !path.endsWith('.wasm');
      const [from, to] = [projectRoot, checkout].map((root) => join(root, 'lib', name));
      cpSync(from!, to!, { recursive: true, filter });
    }
    const writes = (option: string, name: string) =>
      `const at = process.argv.indexOf('${option}'); if (at < 0) return;
      const { dirname, join } = require('node:path');
      const file = join(process.argv[at + 1], '${name}');
      require('node:fs').mkdirSync(dirname(file), { recursive: true });
      require('node:fs').writeFileSync(file, '');`;
    write('node_modules/typescript/bin/tsc', writes('--outDir', 'notebook/kernelSnapshots.js'));
    write('node_modules/assemblyscript/bin/asc.js', writes('--outFile', '.'));
    write('node_modules/esbuild/index.js', 'exports.build = async () => undefined;');
    write('lib/kernel/compiler/main.ts', '');
    write('lib/kernel/dist/compiler/main.js', '');
  });

  it('notes of which sources it compiled, so that nothing compiles them again', () => {
    const isFresh = () => tsx('-p', "require('./lib/build.ts').buildIsFresh()").stdout.trim();
    assert.equal(isFresh(), 'false');
    const { status, stderr } = tsx('lib/commands/build.ts');
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

    const { status, stderr } = tsx('lib/commands/build.ts');
    assert.equal(status, 1);
    assert.match(stderr, /asc\.js failed; lib\/dist stays as it was\n$/);
    assert.deepEqual(filesIn(join(checkout, 'lib', 'dist')), [
      'engine/native/kernels.wasm',
      'index.js',
    ]);
    assert.deepEqual(filesIn(join(checkout, 'lib', 'kernel', 'dist')), [...kept].sort());
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
