import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { type Lock, underLock } from '../lock';
import { projectRoot } from '../root';
import { run } from '../run';
import { settingsFiles } from './settings';

/**
 * The Python environment inside the project, which holds JupyterLab and its kernelspec. Nothing
 * of it touches the user's home or another Python.
 */

const OLDEST: readonly [major: number, minor: number] = [3, 10];
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const requirements = join(projectRoot, 'lib', 'jupyter', 'requirements.txt');
const environment = join(projectRoot, '.venv');
/** Where it is made, to take the other's place once it is whole. */
const made = `${environment}.new`;
const before = `${environment}.old`;
/** What says of which requirements an environment is. */
const STAMP = 'complete.txt';

/** A folder of Jupyter's own files, inside the environment. */
const own = (name: string) => join(environment, 'jupyter', name);

/** The environment's Python. */
export function pythonPath(): string {
  return pythonIn(environment);
}

const pythonIn = (folder: string) => join(folder, 'bin', 'python');

/** The environment variables under which Jupyter keeps to the project and asks no network. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(environment, 'bin')}:${process.env.PATH}`,
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_CONFIG_DIR: own('config'),
    JUPYTER_DATA_DIR: own('data'),
    JUPYTER_RUNTIME_DIR: own('runtime'),
    JUPYTERLAB_SETTINGS_DIR: own('settings'),
    JUPYTERLAB_WORKSPACES_DIR: own('workspaces'),
    IPYTHONDIR: own('ipython'),
  };
}

/** Whether the environment is whole, of today's requirements, and its Python still finds them. */
export function pythonIsReady(): boolean {
  const stamp = join(environment, STAMP);
  const isWhole = existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedStamp();
  return isWhole && spawnSync(pythonPath(), ['-c', FINDS]).status === 0;
}

/** Fails where the system's Python became another one, which looks for packages elsewhere. */
const FINDS = 'import importlib.util as u; assert u.find_spec("jupyterlab")';

/**
 * Makes the environment if it is missing, of other requirements or of a Python that is gone, and
 * registers the kernelspec in it. Takes about a minute the first time, milliseconds after.
 *
 * @throws InputError when there is no fit Python, no venv module, or the packages cannot be had
 */
export async function ensurePython(log: (line: string) => void = console.error): Promise<string> {
  if (!pythonIsReady()) {
    await alone(log, async (hold) => {
      if (pythonIsReady()) return;
      const python = findPython();
      log(`setting up Python ${python.version} with JupyterLab in .venv, once, about a minute`);
      for (const folder of [made, before]) rmSync(folder, { recursive: true, force: true });
      try {
        await makeEnvironment(python.path, hold);
        await pipInstall(made, 'JupyterLab', hold, '-r', requirements);
        writeAtomically(join(made, STAMP), wantedStamp());
        putInPlace();
      } finally {
        rmSync(made, { recursive: true, force: true });
      }
    });
  }
  for (const [name, text] of Object.entries(settingsFiles)) {
    writeIfChanged(join(environment, name), text);
  }
  return pythonPath();
}

/**
 * The environment that was made, in the place of the one before. Its programs name the folder that
 * they were installed into: they are told where they are now.
 */
function putInPlace(): void {
  for (const name of readdirSync(join(made, 'bin'))) {
    const path = join(made, 'bin', name);
    const program = readFileSync(path);
    // Python itself, which is a link as a rule, says nothing of where it is.
    if (name.startsWith('python') || !program.includes(made)) continue;
    writeFileSync(path, program.toString().replaceAll(made, environment));
  }
  if (existsSync(environment)) renameSync(environment, before);
  renameSync(made, environment);
  rmSync(before, { recursive: true, force: true });
}

type Hold = Lock['hold'];

/** Two commands at once would take the environment away under one another. */
function alone(log: (line: string) => void, task: (hold: Hold) => Promise<void>): Promise<void> {
  const waiting = () => log('another command sets up .venv; waiting for it');
  return underLock(`${environment}.lock`, ({ hold }) => task(hold), waiting);
}

/**
 * Installs one more package into the environment, unless it is there, in the version named.
 *
 * @param requirement as in `nbgrader==0.9.6`
 * @throws InputError when it cannot be had
 */
export async function installPython(
  requirement: string,
  log: (line: string) => void = console.error,
): Promise<void> {
  const [name, version] = requirement.split('==');
  const script = `import importlib.metadata as m; print(m.version("${name}"))`;
  const isThere = () =>
    spawnSync(pythonPath(), ['-c', script], { encoding: 'utf8' }).stdout.trim() === version;
  if (isThere()) return;
  await alone(log, async (hold) => {
    if (isThere()) return;
    log(`installing ${requirement} in .venv, once`);
    // With the lab's own versions, so that nothing of it is exchanged on the way.
    await pipInstall(environment, requirement, hold, requirement, '-r', requirements);
  });
}

async function pipInstall(
  folder: string,
  what: string,
  hold: Hold,
  ...packages: string[]
): Promise<void> {
  const pip = [pythonIn(folder), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await runOrSay(
    hold,
    [...pip, ...packages],
    `pip could not install ${what}: check the network and the free disk space, then run the same ` +
      'command again',
  );
}

/**
 * The first Python of at least 3.10: `LAB_PYTHON` if set, else by the usual names on the PATH.
 *
 * @throws InputError that says what was found instead
 */
export function findPython(wanted = process.env.LAB_PYTHON): { path: string; version: string } {
  const found: string[] = [];
  for (const path of wanted ? [wanted] : CANDIDATES) {
    const version = pythonVersion(path);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { path, version };
    found.push(`${path} ${version}`);
  }
  const got = found.length > 0 ? `found only ${found.join(', ')}` : 'found none';
  throw new InputError(
    `JupyterLab needs Python ${OLDEST.join('.')} or newer, ${got}${wanted ? ` (LAB_PYTHON=${wanted})` : ''}; ` +
      'install one, or set LAB_PYTHON to its path',
  );
}

function pythonVersion(path: string): string | undefined {
  const script = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
  const { status, stdout } = spawnSync(path, ['-c', script], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Makes the bare environment.
 *
 * @throws InputError when that Python lacks the venv module, or there is no room
 */
export async function makeEnvironment(python: string, hold: Hold): Promise<void> {
  const { status } = spawnSync(python, ['-c', 'import venv, ensurepip']);
  if (status !== 0) {
    throw new InputError(
      `${python} lacks the venv module that the environment is made with; install it (Debian and ` +
        'Ubuntu: apt install python3-venv) and run the same command again',
    );
  }
  await runOrSay(
    hold,
    [python, '-m', 'venv', made],
    `${python} could not make an environment in .venv: check the free disk space, then run the ` +
      'same command again',
  );
}

/** @throws InputError where the program fails: the sentence, and the last of what it said */
async function runOrSay(hold: Hold, command: readonly string[], sentence: string): Promise<void> {
  const { code, said } = await run(command, { cwd: projectRoot, hold });
  if (code !== 0) throw new InputError(`${sentence} (${said.split('\n').at(-1)})`);
}

function writeIfChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeAtomically(path, text);
}

function wantedStamp(): string {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  return `requirements.txt ${hash}\n`;
}
