import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from '../../lib/build';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

/** Not in a project of somebody else: the notebooks' packages, and pathlab as it lies here. */
const OURS = ['pathlab', 'danfojs-node', 'typescript-notebook-kernel', '@tensorflow'];
/** All that pathlab asks for, and nothing of the checkout. */
const TENSORFLOW = ['tfjs', 'tfjs-backend-wasm', 'tfjs-core', 'tfjs-layers', 'tfjs-data'];

/** A package of the checkout. */
export const tool = (name: string) => join(projectRoot, 'node_modules', name);

/** A project elsewhere, in which pathlab is unpacked from its tarball before the tests. */
export function projectWithPathlab() {
  const folder = temporaryFolder();
  const modules = join(folder, 'node_modules');

  before(async () => {
    await ensureBuild(() => undefined);
    const pack = ['pack', '--silent', '--pack-destination', folder];
    const tarball = execFileSync('npm', pack, { cwd: join(projectRoot, 'lib'), encoding: 'utf8' });
    mkdirSync(join(modules, 'pathlab'), { recursive: true });
    mkdirSync(join(modules, '@tensorflow'));
    const unpack = ['xzf', tarball.trim(), '--strip-components=1', '-C', 'node_modules/pathlab'];
    execFileSync('tar', unpack, { cwd: folder });
    const link = (name: string) => symlinkSync(tool(name), join(modules, name));
    readdirSync(tool('.'))
      .filter((name) => !OURS.includes(name) && name[0] !== '.')
      .forEach(link);
    TENSORFLOW.map((name) => `@tensorflow/${name}`).forEach(link);
  });

  return {
    folder,
    modules,
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    /** What a program prints that Node runs there. */
    node: (...args: string[]) =>
      execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }),
  };
}
