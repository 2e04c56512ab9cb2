import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from './errors';
import { writeAtomically } from './files';
import { projectRoot } from './root';

const lib = join(projectRoot, 'lib');
const stamp = join(lib, 'dist', 'complete.txt');

/** Whether lib/dist was compiled after the last change of any source. */
export function buildIsFresh(): boolean {
  return existsSync(stamp) && statSync(stamp).mtimeMs >= newestSource();
}

/**
 * Compiles lib to lib/dist, which notebooks import, unless it is fresh.
 *
 * @throws InputError with the compiler's messages
 */
export function ensureBuild(log: (line: string) => void = console.error): void {
  if (buildIsFresh()) return;
  log('compiling lib');
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  if (status !== 0) throw new InputError(`lib does not compile:\n${stdout}${stderr}`);
  writeAtomically(stamp, `${new Date().toISOString()}\n`);
}

function newestSource(): number {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  return Math.max(
    ...files
      .filter((name) => /\.(ts|json)$/.test(name) && !/^(dist|node_modules)\//.test(name))
      .map((name) => statSync(join(lib, name)).mtimeMs),
  );
}
