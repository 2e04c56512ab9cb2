import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { InputError } from '../errors';
import { jupyterEnvironment, pythonPath } from './python';

/**
 * Runs JupyterLab on a folder until it ends, on this machine alone and behind its token; returns
 * its exit code. Files and folders named in `hidden` are left out of the file browser.
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
  const lab = spawn(pythonPath(), ['-m', 'jupyterlab', ...flags], {
    cwd,
    env: jupyterEnvironment(),
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both; Jupyter asks before it stops, so this process waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => lab.kill('SIGTERM'));
  return new Promise((resolve) => {
    lab.on('close', (code) => resolve(code ?? 0));
  });
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
