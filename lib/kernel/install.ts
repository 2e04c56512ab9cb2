import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Kernelspec, kernelspec } from './kernelspec';

/** Where Jupyter is to find the kernel. */
export interface Place {
  /** By which notebooks name it. */
  readonly name: string;
  /** The folder of a Python environment; without it, the account's own Jupyter. */
  readonly prefix?: string;
}

/** What JupyterLab's launcher shows. */
const LOGO = join(__dirname, '..', 'logo-svg.svg');

/**
 * Makes the kernel known to Jupyter. What an earlier call wrote is written anew; Jupyter sees it
 * at once.
 *
 * @returns the folder of the kernelspec
 * @throws Error where another kernel has that name, or the folder cannot be written
 */
export function install(place: Place): string {
  const folder = folderOf(place);
  refuseOthers(folder, place.name);
  try {
    makeFolder(folder);
    copyFileSync(LOGO, join(folder, 'logo-svg.svg'));
    writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(kernelspec(), null, 1)}\n`);
  } catch (error) {
    throw new Error(
      `${folder} cannot be written (${(error as Error).message}): choose a folder of yours with ` +
        '--user or --prefix DIR',
    );
  }
  return folder;
}

/** Node's own `recursive` never returns where the system says that there is no such place, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** @throws Error where no kernel of this package has that name */
export function uninstall(place: Place): string {
  const folder = folderOf(place);
  if (!existsSync(join(folder, 'kernel.json'))) {
    throw new Error(`no kernel is installed in ${folder}: see jupyter kernelspec list`);
  }
  refuseOthers(folder, place.name);
  rmSync(folder, { recursive: true });
  return folder;
}

function folderOf({ name, prefix }: Place): string {
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new Error(`--name is made of letters, digits, ., - and _; got ${JSON.stringify(name)}`);
  }
  if (prefix === '') {
    throw new Error('--prefix is empty, as "$VIRTUAL_ENV" is where no environment is active');
  }
  const data = prefix === undefined ? dataFolder() : join(resolve(prefix), 'share', 'jupyter');
  return join(data, 'kernels', name.toLowerCase());
}

/** https://jupyter-core.readthedocs.io/en/stable/paths.html */
function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(env.APPDATA ?? homedir(), 'jupyter');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

/** Neither to write over somebody's kernel nor to take it away. */
function refuseOthers(folder: string, name: string): void {
  const path = join(folder, 'kernel.json');
  if (!existsSync(path)) return;
  try {
    const { argv } = JSON.parse(readFileSync(path, 'utf8')) as Kernelspec;
    if (argv.at(-2) === 'start' && /[\\/]cli\.js$/.test(String(argv.at(-3)))) return;
  } catch {
    // Not even a kernelspec: somebody else's all the same.
  }
  throw new Error(
    `${folder} has another kernel called ${name}: give a name of your own with --name NAME, or ` +
      `remove that one first (jupyter kernelspec uninstall ${name})`,
  );
}
