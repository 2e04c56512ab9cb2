import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from './errors';
import { writeAtomically } from './files';
import { type Lock, underLock } from './lock';
import { projectRoot } from './root';
import { run } from './run';

/** A file in lib/dist that is written last, and says of which sources. */
export const COMPLETE = 'complete.txt';

const lib = join(projectRoot, 'lib');
const stamp = join(lib, 'dist', COMPLETE);
/** In the kernel's own folder the note that it was compiled. */
export const KERNEL_MADE = 'kernel.made';
const kernel = join(lib, 'kernel', 'dist', KERNEL_MADE);

/** Whether lib and the kernel were compiled from the sources as they are. */
export function buildIsFresh(): boolean {
  const isThere = existsSync(stamp) && existsSync(kernel);
  return isThere && readFileSync(stamp, 'utf8') === librarySources();
}

/**
 * Compiles lib to lib/dist, which notebooks import, unless it is fresh. Where another process is at
 * it, waits for that.
 *
 * @throws InputError with the compiler's messages
 */
export async function ensureBuild(log: (line: string) => void = console.error): Promise<void> {
  if (!buildIsFresh()) await compileUnless(buildIsFresh, log);
}

/** As `ensureBuild`, also where lib/dist is fresh: what is missing in it is made again. */
export async function build(log: (line: string) => void = console.error): Promise<void> {
  await compileUnless(() => false, log);
}

async function compileUnless(isDone: () => boolean, log: (line: string) => void): Promise<void> {
  const compile = async ({ hold }: Lock) => {
    if (isDone()) return;
    log('compiling lib');
    // As they are now: what is changed while the compiler runs is compiled the next time.
    const from = librarySources();
    const compiler = ['npm', 'run', '--silent', 'compile'];
    const { code, said } = await run(compiler, { cwd: projectRoot, hold });
    if (code !== 0) throw new InputError(`lib does not compile:\n${said || code}`);
    writeAtomically(stamp, from);
  };
  const waiting = () => log('another process compiles lib; waiting for it');
  await underLock(join(lib, 'dist.lock'), compile, waiting);
}

/** Every source by name, size and date, as a hash. */
function librarySources(): string {
  const hash = createHash('sha256');
  for (const name of filesIn('').sort()) {
    if (!/\.(ts|json)$/.test(name)) continue;
    const { size, mtimeMs } = statSync(join(lib, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return `sources ${hash.digest('hex')}\n`;
}

/** What lies in a folder of lib and below, but for what is compiled; each kernel's start waits for it. */
function filesIn(folder: string): string[] {
  return readdirSync(join(lib, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return /^(dist(\.(new|old))?|node_modules)$/.test(entry.name) ? [] : filesIn(`${path}/`);
  });
}
