import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

describe('npm run build', () => {
  // Compilers of one line each stand in for the real ones: what is told apart is what stays.
  it('leaves lib/dist whole where the kernels do not compile, and drops what has no source', () => {
    const checkout = temporaryFolder();
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), text);
    };
    for (const name of ['commands', 'engine', 'command.ts', 'errors.ts', 'root.ts']) {
      const filter = (path: string) => !path.endsWith('.wasm');
      const [from, to] = [projectRoot, checkout].map((root) => join(root, 'lib', name));
      cpSync(from!, to!, { recursive: true, filter });
    }
    write('node_modules/typescript/bin/tsc', "console.log('tsc', ...process.argv.slice(2));");
    write('node_modules/assemblyscript/bin/asc.js', 'process.exit(1);');
    write('lib/dist/index.js', 'before');
    write('lib/dist/engine/native/kernels.wasm', 'before');
    write('lib/kernel/compiler/main.ts', '');
    const kept = ['compiler/main.js', 'compiler/main.d.ts', 'compiler-node.blob.json'];
    const orphans = ['compiler/gone.js', 'compiler/gone.js.map', 'gone.d.ts'];
    for (const name of [...kept, ...orphans]) write(`lib/kernel/dist/${name}`, '');

    const command = ['--require', require.resolve('tsx/cjs'), 'lib/commands/build.ts'];
    const { status, stderr } = spawnSync(process.execPath, command, {
      cwd: checkout,
      encoding: 'utf8',
    });
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
