import { strict as assert } from 'node:assert';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as Snapshot from '../../lib/kernel/snapshot';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { type Ran, startKernel } from './client';
import { compilerOf } from './compilerOf';
import { gone } from './gone';

const source = join(projectRoot, 'lib', 'kernel');

/** The files of the package as npm would publish them, and nothing of the lab beside them. */
function unpacked(): string {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: source,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ files: { path: string }[] }];
  // Below node_modules, where it finds what its package.json asks for, as after an installation.
  const folder = join(projectRoot, 'node_modules', '.cache', `kernel-${process.pid}`);
  for (const { path } of packed.files) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    cpSync(join(source, path), join(folder, path));
  }
  return folder;
}

/** How a program ends. */
async function endOf(program: string): Promise<number | null> {
  const [code] = await once(spawn(process.execPath, [program], { stdio: 'inherit' }), 'exit');
  return code as number | null;
}

const resultOf = ({ outputs }: Ran) =>
  outputs.find(({ type }) => type === 'execute_result')?.content.data as Record<string, string>;

describe("the kernel's package", () => {
  const prefix = temporaryFolder();
  const spec = join(prefix, 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json');
  let folder: string;
  before(() => {
    folder = unpacked();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const command = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, 'dist', 'cli.js'), ...args], { encoding: 'utf8' });

  it('holds what is compiled and the logo, and imports nothing but what it asks for', () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const asked = Object.keys(dependencies);
    const files = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' });
    const scripts = files.filter((name) => name.endsWith('.js'));
    assert.ok(scripts.length > 20, `${scripts.length} scripts`);
    for (const name of scripts) {
      const text = readFileSync(join(folder, 'dist', name), 'utf8');
      for (const [, id = ''] of text.matchAll(/require\("([^"]+)"\)/g)) {
        if (id.startsWith('.')) {
          const path = join(folder, 'dist', name, '..', id);
          assert.ok([path, `${path}.js`].some(existsSync), `${name} imports ${id}`);
        } else if (!id.startsWith('node:')) {
          assert.ok(
            asked.some((one) => id === one || id.startsWith(`${one}/`)),
            `${name}: ${id}`,
          );
        }
      }
    }
  });

  it('compiles cells by the TypeScript that the lab is compiled and checked by', () => {
    const { packages } = JSON.parse(
      readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'),
    ) as { packages: Record<string, { name?: string; version: string }> };
    const all = Object.entries(packages).filter(
      ([path, { name }]) => name === 'typescript' || path.endsWith('node_modules/typescript'),
    );
    assert.deepEqual(
      all.map(([path]) => path),
      ['node_modules/typescript'],
    );
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    assert.equal(dependencies.typescript, all[0]![1].version);
  });

  it('starts from a snapshot, goes over to one with all in it, and does without', async () => {
    const dist = join(folder, 'dist');
    // As where several kernels start at once.
    const made = await Promise.all([1, 2, 3].map(() => endOf(join(dist, 'snapshot.js'))));
    assert.deepEqual(made, [0, 0, 0]);
    const blobs = readdirSync(dist).filter((name) => name.endsWith('.blob'));
    assert.deepEqual(
      blobs.map((name) => name.split('-')[1]),
      ['language', 'node'],
    );
    const argv = [process.execPath, join(dist, 'cli.js'), 'start', '{connection_file}'];
    const kernel = await startKernel(temporaryFolder(), argv);
    try {
      assert.match(compilerOf(kernel).args, /--snapshot-blob .*compiler-language-/);
      const first = await kernel.run('const six: number = 6; console.log(six); six * 7');
      assert.deepEqual(resultOf(first), { 'text/plain': '42' });
      assert.match(compilerOf(kernel).args, /--snapshot-blob .*compiler-node-/);
      // The types behind `using` are Node's: missing, they are missing in no file.
      const disposing = await kernel.run(
        "{ using u = { [Symbol.dispose]() { console.log('disposed'); } }; }",
      );
      assert.equal(disposing.reply.status, 'ok', String(disposing.reply.evalue));
      const more = await kernel.run('const { length } = process.argv; six + (length > 0 ? 1 : 0)');
      assert.deepEqual(resultOf(more), { 'text/plain': '7' });
      const wrong = await kernel.run('process.argv.lenght');
      assert.match(String(wrong.reply.evalue), /'lenght' does not exist.*'length'/);
    } finally {
      await kernel.close();
    }
    const killed = await startKernel(temporaryFolder(), argv);
    try {
      const { pid } = compilerOf(killed);
      process.kill(pid, 'SIGKILL');
      assert.deepEqual(await gone([pid]), []);
      assert.deepEqual(resultOf(await killed.run('6 * 7')), { 'text/plain': '42' });
      assert.match(compilerOf(killed).args, /compiler-node-/, 'snapshots are none the worse');
    } finally {
      await killed.close();
    }
    const { snapshotPath } = require(join(dist, 'snapshot.js')) as typeof Snapshot;
    assert.ok(snapshotPath([]));
    for (const name of blobs) writeFileSync(join(dist, `${name}.json`), '{');
    assert.equal(snapshotPath([]), undefined);
  });

  it('has damaged snapshots made anew, also where another process gave up or was killed', async () => {
    const dist = join(folder, 'dist');
    const { snapshotPath } = require(join(dist, 'snapshot.js')) as typeof Snapshot;
    assert.equal(await endOf(join(dist, 'snapshot.js')), 0);
    const paths = [[], ['node']].map((contents) => snapshotPath(contents)!);
    for (const path of paths) writeFileSync(path, 'none');
    const argv = [process.execPath, join(dist, 'cli.js'), 'start', '{connection_file}'];
    // Another process began, and never ended.
    const begun = `${paths[0]}.partial`;
    writeFileSync(begun, '');
    utimesSync(begun, 0, 0);
    // And one began just now, and was killed: its number stands in what it left.
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(`${paths[1]}.partial`, String(pid));
    for (const path of paths) {
      const kernel = await startKernel(temporaryFolder(), argv);
      try {
        await kernel.run('const six = 6');
        assert.deepEqual(resultOf(await kernel.run('six * 7')), { 'text/plain': '42' });
        assert.match(compilerOf(kernel).args, /compiler.main\.js/);
      } finally {
        await kernel.close();
      }
      // In the background.
      while (!existsSync(path) || statSync(path).size < 1e6) await sleep(100);
    }
    while (readdirSync(dist).some((name) => name.endsWith('.partial'))) await sleep(100);
  }).timeout(180_000);

  it('installs itself, runs cells, and goes again', async () => {
    const installed = command('install', '--prefix', prefix);
    assert.equal(installed.status, 0, installed.stderr);
    assert.ok(existsSync(join(spec, '..', 'logo-svg.svg')));
    const { argv } = JSON.parse(readFileSync(spec, 'utf8')) as { argv: string[] };
    const kernel = await startKernel(temporaryFolder(), argv);
    try {
      const product = await kernel.run('const n: number = 6; n * 7');
      assert.deepEqual(resultOf(product), { 'text/plain': '42' });
      const { reply } = await kernel.run('n.toFixed("x")');
      assert.match(String(reply.evalue), /'string' is not assignable/);
      const shown = await kernel.run(
        "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>a</b>' }) })",
      );
      assert.equal(resultOf(shown)['text/html'], '<b>a</b>');
    } finally {
      await kernel.close();
    }
    assert.equal(command('install', '--prefix', prefix).status, 0, 'a second time');
    assert.equal(command('uninstall', '--prefix', prefix).status, 0);
    assert.ok(!existsSync(spec));
  });

  it('leaves the kernels of others alone', () => {
    mkdirSync(join(spec, '..'), { recursive: true });
    for (const text of ['{}', '{"argv":["tslab","kernel"],"display_name":"x"}']) {
      writeFileSync(spec, text);
      for (const what of ['install', 'uninstall']) {
        const { status, stderr } = command(what, '--prefix', prefix);
        assert.equal(status, 1);
        assert.match(stderr, /has another kernel called tslab: .*--name NAME/);
      }
    }
    assert.match(readFileSync(spec, 'utf8'), /"tslab","kernel"/);
    assert.equal(command('install', '--prefix', prefix, '--name', 'typescript').status, 0);
  });

  it('refuses what it does not understand in a sentence', () => {
    const refusals: [args: string[], says: RegExp][] = [
      [['instal'], /there is no such command: instal/],
      [['start'], /start takes one connection file, got 0/],
      [['install', '--name', '../x'], /--name is made of letters/],
      [['install', '--user', '--prefix', prefix], /give one of them/],
      [['install', '--prefix', ''], /--prefix is empty/],
      [['install', '--prefix', '/proc/none'], /cannot be written .*--prefix DIR/],
      [['uninstall', '--prefix', prefix, '--name', 'none'], /no kernel is installed in/],
    ];
    for (const [args, says] of refusals) {
      const { status, stderr } = command(...args);
      assert.equal(status, 1, args.join(' '));
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n +at /);
    }
  });
});
