import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../root';

/** What a submission may use. */
export interface Limits {
  /** Wall-clock time, in seconds. */
  readonly seconds: number;
  /** Resident memory of all its processes together, in MB. */
  readonly memoryMB: number;
  readonly processes: number;
  /** What it may write, in MB, all of it in memory. */
  readonly diskMB: number;
  /** What it may tell the grader, in MB. */
  readonly outputMB: number;
}

/** How a run in the sandbox ended. */
export interface Ending {
  readonly lines: string[];
  /** The limit that it went over. */
  readonly stopped?: string;
}

/** The protections that this machine has, in words; none where bubblewrap does not work. */
export function protections(): string[] {
  const [command, ...args] = sandboxed(['/usr/bin/env', 'true'], {}, 16);
  const { status } = spawnSync(command!, args, { stdio: 'ignore' });
  if (status !== 0) return [];
  return [
    'own process, user, network and file-system namespaces (bubblewrap)',
    'no network, an empty home, lib and data read-only, nothing else of this machine',
    'limits on time, memory, processes, files and output',
  ];
}

/**
 * The command line that runs a program in bubblewrap: it sees the system's programs, Node, the
 * compiled lib and its packages, all read-only, and a writable folder in memory; no network, no
 * other process, no home, no environment but what is given.
 */
function sandboxed(
  program: readonly string[],
  environment: Readonly<Record<string, string>>,
  diskMB: number,
): string[] {
  const see = (path: string) => ['--ro-bind', path, path];
  const node = dirname(dirname(realpathSync(process.execPath)));
  const system = ['/usr', '/bin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'];
  const ours = ['node_modules', 'lib/dist', 'lib/package.json', 'package.json'];
  const work = join(projectRoot, 'work');
  const size = ['--size', String(diskMB * 1e6)];
  const bwrap = [
    'bwrap',
    '--unshare-all',
    '--unshare-user',
    '--uid',
    '1000',
    '--gid',
    '1000',
    '--cap-drop',
    'ALL',
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    ...system.filter(existsSync).flatMap(see),
    ...(node.startsWith('/usr') ? [] : see(node)),
    ...ours
      .map((path) => join(projectRoot, path))
      .filter(existsSync)
      .flatMap(see),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...size,
    '--tmpfs',
    '/tmp',
    ...size,
    '--tmpfs',
    work,
    '--chdir',
    work,
    ...Object.entries({ PATH: '/usr/bin:/bin', HOME: work, ...environment }).flatMap(
      ([name, value]) => ['--setenv', name, value],
    ),
    '--',
    ...program,
  ];
  return bwrap;
}

/**
 * Runs a Node script of lib in the sandbox until it ends or goes over a limit; then every process
 * of it is killed. Gives the lines that it wrote.
 */
export async function runInSandbox(
  script: string,
  input: string,
  environment: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<Ending> {
  const work = join(projectRoot, 'work');
  const inside = {
    LAB_EVIDENCE: join(work, 'evidence'),
    LAB_OUT: join(work, 'files'),
    ...environment,
  };
  const program = [realpathSync(process.execPath), join(projectRoot, 'lib', 'dist', script)];
  const command = [
    'prlimit',
    '--core=0',
    `--nproc=${limits.processes * 16}`,
    `--fsize=${limits.diskMB * 1e6}`,
    ...sandboxed(program, inside, limits.diskMB),
  ];
  const child = spawn(command[0]!, command.slice(1), {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    killAll(child);
  };
  const late = setTimeout(
    () => stop(`it took longer than ${limits.seconds} s`),
    limits.seconds * 1000,
  );
  const watch = setInterval(() => {
    const { megabytes, processes } = usage(child.pid!);
    if (megabytes > limits.memoryMB) stop(`it took more than ${limits.memoryMB} MB of memory`);
    if (processes > limits.processes) stop(`it started more than ${limits.processes} processes`);
  }, 100);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.outputMB * 1e6) stop(`it told more than ${limits.outputMB} MB`);
    else chunks.push(chunk);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${input}\n`);
  await new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  clearTimeout(late);
  clearInterval(watch);
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return { lines, ...(stopped !== undefined && { stopped }) };
}

/** The first process of a PID namespace takes all others with it. */
function killAll(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** Resident memory and number of a process and all that descend from it. */
function usage(root: number): { megabytes: number; processes: number } {
  const children = new Map<number, number[]>();
  const pages = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [pid, parent] = [Number(name), Number(fields[1])];
      children.set(parent, [...(children.get(parent) ?? []), pid]);
      pages.set(pid, Number(fields[21]));
    } catch {
      // It has ended since it was listed.
    }
  }
  let [total, processes] = [0, 0];
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    total += pages.get(pid) ?? 0;
    processes++;
    open.push(...(children.get(pid) ?? []));
  }
  return { megabytes: (total * 4096) / 1e6, processes };
}
