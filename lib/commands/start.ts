import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ensureBuild } from '../build';
import { InputError } from '../errors';
import { projectRoot } from '../root';
import { readOptions, runCommand } from './command';
import { ensurePython, jupyterEnvironment } from './python';

const DEFAULT_PORT = '8888';

/**
 * `npm start`: sets up what is missing and opens JupyterLab on the notebooks, on this machine
 * alone and behind its token. Jupyter keeps its files inside the project and asks no network.
 */
async function start(): Promise<number> {
  const options = readOptions('start', {
    'no-browser': { type: 'boolean', default: false },
    port: { type: 'string', default: DEFAULT_PORT },
  });
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new InputError(`start: --port must be a number from 1 to 65535, got ${options.port}`);
  }
  await requireFreePort(port);
  ensureBuild();
  const python = await ensurePython();
  const flags = [
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${join(projectRoot, 'notebooks')}`,
    ...(options['no-browser'] ? ['--no-browser'] : []),
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ];
  const lab = spawn(python, ['-m', 'jupyter', 'lab', ...flags], {
    cwd: projectRoot,
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

/** @throws InputError when something listens on the port already */
async function requireFreePort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
      reject(
        new InputError(`start: port ${port} ${why}; choose another: npm start -- --port 8890`),
      );
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

runCommand(start);
