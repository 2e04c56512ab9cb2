import { createServer } from 'node:net';
import { InputError } from '../errors';
import { runInForeground } from '../foreground';
import { jupyterEnvironment, pythonPath } from './python';

/**
 * Runs JupyterLab on a folder until it ends, on this machine alone and behind its token; returns
 * its exit code. Jupyter asks before Ctrl-C stops it. Files and folders named in `hidden` are left out
 * of the file browser.
 *
 * @throws InputError when it cannot be started
 */
export function jupyterLab(
  folder: string,
  {
    port,
    browser,
    cwd,
    hidden = [],
  }: { port: number; browser: boolean; cwd: string; hidden?: readonly string[] },
): Promise<number> {
  const flags = [
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${folder}`,
    ...hidden.map((name) => `--ContentsManager.hide_globs=${name}`),
    ...(browser ? [] : ['--no-browser']),
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ];
  // Not by `jupyter lab`: that starts a script, which names its Python by where it was installed.
  const command = ['-m', 'jupyterlab', ...flags];
  return runInForeground(pythonPath(), command, { cwd, env: jupyterEnvironment() });
}

/**
 * The port that a command line names.
 *
 * @throws InputError when it is no port, or something listens on it already
 */
export async function freePort(command: string, text: string): Promise<number> {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new InputError(`${command}: --port must be a number from 1 to 65535, got ${text}`);
  }
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
      reject(new InputError(`${command}: port ${port} ${why}; choose another, as in --port 8890`));
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
  return port;
}
