import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { useBackend } from '../lib/engine';
import { projectRoot } from '../lib/root';
import { handIn, student } from '../test/grading/students';
import { trainOnce } from '../test/grading/trained';
import { haveEnded, treeOf } from '../test/processes';
import { temporaryFolder } from '../test/temporaryFolder';
import { footprint } from './footprint';
import type { Soaked } from './soaked';

const STUDENTS = 300;
const KERNELS = 20;
/** Jupyter's own would be Python's. */
const KERNEL = JSON.stringify({ name: 'tslab' });
/** In which a kernel has started, also where all start at once. */
const STARTED_MS = 8000;

/** A command of the lab, by its own process and not by npm's. */
const start = (name: string, ...args: string[]): ChildProcess =>
  spawn(process.execPath, [join('lib', 'commands', 'run.cjs'), name, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });

async function end(command: ChildProcess): Promise<void> {
  const processes = treeOf(command.pid!);
  command.kill('SIGTERM');
  await haveEnded(processes);
}

/** One grader at a class: a round is a submission, told by its line. */
export async function submissions(): Promise<Soaked> {
  await useBackend('wasm');
  await trainOnce();
  const folder = temporaryFolder();
  handIn(
    Array.from({ length: STUDENTS }, (_, i) => student(i)),
    folder,
  );
  const options = ['--seed', '7', '--use-saved', '--size', 'small'];
  const grader = start('grade', folder, '--out', temporaryFolder(), ...options);
  const said = createInterface({ input: grader.stderr! })[Symbol.asyncIterator]();
  return {
    async round() {
      for (;;) {
        const { done, value } = await said.next();
        if (done) return false;
        if (/^\d+\/\d+ · /.test(value)) return true;
      }
    },
    memory: () => ({
      'the grader alone': footprint([grader.pid!]).memory,
      'with sandboxes and judges': footprint(treeOf(grader.pid!)).memory,
    }),
    close: () => end(grader),
  };
}

/** JupyterLab, where a round starts kernels and stops them. */
export async function jupyterlab(): Promise<Soaked> {
  const port = await freePort();
  const server = start('start', '--no-browser', '--port', String(port));
  const token = await new Promise<string>((resolve, reject) => {
    server.once('exit', () => reject(new Error('JupyterLab did not start')));
    createInterface({ input: server.stderr! }).on('line', (line) => {
      const [, found] = /lab\?token=(\w+)/.exec(line) ?? [];
      if (found) resolve(found);
    });
  });
  const headers = { authorization: `token ${token}` };
  const api = async (method: string, id: string, body?: string) => {
    const url = `http://127.0.0.1:${port}/api/kernels${id}`;
    const answer = await fetch(url, { method, headers, ...(body && { body }) });
    if (!answer.ok) throw new Error(`${method} of a kernel: ${answer.status}`);
    return answer.status === 204 ? {} : ((await answer.json()) as { id?: string });
  };
  let withKernels = Number.NaN;
  return {
    async round() {
      const before = treeOf(server.pid!);
      const ids: string[] = [];
      for (let i = 0; i < KERNELS; i++) ids.push((await api('POST', '', KERNEL)).id!);
      await sleep(STARTED_MS);
      const all = treeOf(server.pid!);
      withKernels = footprint(all).memory;
      await Promise.all(ids.map((id) => api('DELETE', `/${id}`)));
      await haveEnded(all.filter((pid) => !before.includes(pid)));
      return true;
    },
    memory: () => ({
      JupyterLab: footprint(treeOf(server.pid!)).memory,
      [`with ${KERNELS} kernels`]: withKernels,
    }),
    close: () => end(server),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
