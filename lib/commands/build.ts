import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { librarySources, noteBuild } from '../build';
import { runCommand } from '../command';
import { STAMP, sourcesStamp } from '../engine/native/stamp';
import { InputError } from '../errors';
import { projectRoot } from '../root';

/**
 * `npm run build`: the kernel, then lib: its JavaScript, the WebAssembly kernels, and danfo for who
 * installs pathlab without it. Lib is made in a folder of its own, which takes the place of lib/dist
 * only once all of it is there, so that nothing of before is left in it.
 */

const dist = join(projectRoot, 'lib', 'dist');
const made = `${dist}.new`;
const before = `${dist}.old`;
const packageFile = (path: string) => join(projectRoot, 'node_modules', path);

async function build(): Promise<number> {
  const tsc = packageFile('typescript/bin/tsc');
  const native = join(projectRoot, 'lib', 'engine', 'native', 'assembly', 'asconfig.json');
  const kernels = join(made, 'engine', 'native', 'kernels.wasm');
  for (const folder of [made, before]) rmSync(folder, { recursive: true, force: true });
  // As they are now: what is changed while the compiler runs is compiled the next time.
  const [from, stamp] = [librarySources(), sourcesStamp()!];
  node(tsc, '-p', 'lib/kernel');
  dropOrphans(join(projectRoot, 'lib', 'kernel'));
  node(tsc, '-p', 'lib', '--outDir', made);
  node(packageFile('assemblyscript/bin/asc.js'), '--config', native, '--outFile', kernels);
  writeFileSync(join(made, 'engine', 'native', STAMP), stamp);
  await bundleDanfo();
  if (existsSync(dist)) renameSync(dist, before);
  renameSync(made, dist);
  rmSync(before, { recursive: true, force: true });
  node(join(dist, 'notebook', 'kernelSnapshots.js'));
  noteBuild(from);
  return 0;
}

/** The kernel is compiled in place, beside what its starts keep there. What has no source any more goes. */
function dropOrphans(sources: string): void {
  const outputs = join(sources, 'dist');
  for (const name of readdirSync(outputs, { recursive: true, encoding: 'utf8' })) {
    const source = /^(.*?)\.(d\.ts|js|js\.map)$/.exec(name)?.[1];
    if (source !== undefined && !existsSync(join(sources, `${source}.ts`))) {
      rmSync(join(outputs, name));
    }
  }
}

/** Runs a program of Node's; its messages are the command's own. */
function node(...command: readonly string[]): void {
  const { status } = spawnSync(process.execPath, command, { cwd: projectRoot, stdio: 'inherit' });
  if (status !== 0) throw new InputError(`build: ${command[0]} failed; lib/dist stays as it was`);
}

/**
 * danfo as one file, on the tfjs that pathlab has. Its own package asks for a native tfjs of 600 MB,
 * which npm lets nobody but the project itself put aside.
 */
async function bundleDanfo(): Promise<void> {
  const { build: bundle } = await import('esbuild');
  await bundle({
    stdin: { contents: "module.exports = require('danfojs-node');", resolveDir: projectRoot },
    bundle: true,
    platform: 'node',
    minify: true,
    legalComments: 'inline',
    logLevel: 'error',
    external: ['@tensorflow/tfjs', 'plotly.js-dist-min'],
    alias: {
      '@tensorflow/tfjs-node': '@tensorflow/tfjs',
      request: join(projectRoot, 'lib', 'standins', 'request', 'index.js'),
    },
    outfile: join(made, 'tables', 'danfo.js'),
  });
}

runCommand(build);
