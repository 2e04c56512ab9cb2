import { spawnSync } from 'node:child_process';
import {
  closeSync,
  type Dirent,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../root';
import { foldersOf, type Place, type Program, type Room } from './isolation';
import { refusedSystemCalls } from './systemCalls';

/** For the runner, the kernel and its engine, and some to spare; more would only starve others. */
const THREADS = 100 + 8 * availableParallelism();
/** Older kernels count the processes of the user, whatever namespace they are in. */
const COUNTS_BY_NAMESPACE = ((major = 0, minor = 0) => major > 5 || (major === 5 && minor >= 14))(
  ...release().split('.').map(Number),
);

/** What of `/proc` Node needs to know of the machine; the rest is nobody's business. */
const KNOWN_OF_MACHINE = new Set(['cpuinfo', 'loadavg', 'meminfo', 'stat', 'uptime']);

/**
 * Whether bubblewrap works here, where it may be missing or user namespaces be forbidden, and Node
 * finds the compiled lib in it.
 */
export function hasBubblewrap(): boolean {
  const lib = join(projectRoot, 'lib', 'dist', 'index.js');
  const program = [realpathSync(process.execPath), '-e', 'fs.accessSync(process.argv[1])', lib];
  const place = inBubblewrap({ command: program, environment: {}, files: [] }, { diskMB: 16 });
  const [command, ...args] = place.command;
  const stdio = ['ignore', 'ignore', 'ignore', ...place.descriptors] as const;
  const { status } = spawnSync(command!, args, { ...place.options, stdio: [...stdio] });
  place.leave();
  return status === 0;
}

/**
 * Bubblewrap: the program sees the system's programs, Node, the compiled lib and its packages, all
 * read-only, and a writable folder in memory; no network, no other process, no home, no
 * environment but what is given. Bubblewrap itself stays beside it as its first process, where it
 * can be looked at: so it has no environment either, and is told what to do in a file.
 */
export function inBubblewrap({ command, environment, files }: Program, room: Room): Place {
  const see = (path: string) => ['--ro-bind', path, path];
  const node = realpathSync(process.execPath);
  const system = ['/usr', '/bin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'];
  const ours = [
    'node_modules',
    'lib/dist',
    'lib/package.json',
    'lib/kernel/dist',
    'lib/kernel/package.json',
    'lib/standins',
    'package.json',
  ];
  const work = join(projectRoot, 'work');
  const memory = (path: string, bytes: number) => ['--size', String(bytes), '--tmpfs', path];
  const share = (part: number) => Math.floor(room.diskMB * 1e6 * part);
  const evidence = join(projectRoot, 'evidence');
  const set = { PATH: '/usr/bin:/bin', ...foldersOf(work, evidence), ...environment };
  // The orders come first of the descriptors, the files last.
  const filter = refusedSystemCalls();
  const filters = filter === undefined ? [] : [holding(filter)];
  const opened = files.map(({ from }) => openSync(from, 'r'));
  const firstFile = 3 + 1 + filters.length;
  const words = [
    '--unshare-all --unshare-user --uid 1000 --gid 1000 --cap-drop ALL --hostname sandbox',
    `--die-with-parent --new-session --clearenv ${forbidsNamespaces() ? '--disable-userns' : ''}`,
  ].flatMap((line) => line.trim().split(' '));
  const orders = [
    ...words,
    ...filters.flatMap(() => ['--seccomp', '4']),
    // First, because the project may lie in /tmp.
    ...['--proc', '/proc', ...ofMachine().flatMap(hidden)],
    ...['--dev', '/dev', ...memory('/dev/shm', share(0.1)), '--remount-ro', '/dev'],
    ...memory('/tmp', share(0.1)),
    ...system.filter(existsSync).flatMap(see),
    ...(node.startsWith('/usr/') ? [] : see(node)),
    ...ours
      .map((path) => join(projectRoot, path))
      .filter(existsSync)
      .flatMap(see),
    // Evidence has a room of its own, which a full home does not fill.
    ...[...memory(work, share(0.6)), ...memory(evidence, share(0.2))],
    ...['--dir', join(work, 'notebook'), '--chdir', join(work, 'notebook')],
    // Copies: where a file comes from would be told by a mount.
    ...files.flatMap(({ as }, i) => ['--file', String(firstFile + i), join(work, as)]),
    // Last: the root itself is a tmpfs that has no size.
    ...['--remount-ro', '/'],
    ...Object.entries(set).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
  const descriptors = [holding(orders.map((word) => `${word}\0`).join('')), ...filters, ...opened];
  return {
    command: [
      ...[whereIs('prlimit'), '--core=0', `--fsize=${share(1)}`],
      ...[whereIs('bwrap'), '--args', '3', '--'],
      ...(COUNTS_BY_NAMESPACE ? ['prlimit', `--nproc=${THREADS}`] : []),
      ...command,
    ],
    options: { env: {} },
    descriptors,
    leave: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}

/** Bubblewrap 0.8 and newer: in a namespace of its own a submission could mount folders in memory. */
function forbidsNamespaces(): boolean {
  forbids ??= spawnSync('bwrap', ['--help'], { encoding: 'utf8' }).stdout?.includes(
    '--disable-userns',
  );
  return forbids ?? false;
}
let forbids: boolean | undefined;

/** What `/proc` tells of the machine rather than of processes: its settings, keys, devices, … */
function ofMachine() {
  return readdirSync('/proc', { withFileTypes: true }).filter(
    (entry) =>
      !/^\d+$/.test(entry.name) && !entry.isSymbolicLink() && !KNOWN_OF_MACHINE.has(entry.name),
  );
}

function hidden(entry: Dirent): string[] {
  const path = join('/proc', entry.name);
  if (!entry.isDirectory()) return ['--ro-bind', '/dev/null', path];
  return ['--size', '4096', '--tmpfs', path, '--remount-ro', path];
}

/** A descriptor from which the content can be read; no name of a file is left. */
function holding(content: string | Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'orders-'));
  const file = join(folder, 'orders');
  writeFileSync(file, content, { mode: 0o600 });
  const descriptor = openSync(file, 'r');
  rmSync(folder, { recursive: true });
  return descriptor;
}

/** The path of a program, because bubblewrap is started without a `PATH`. */
function whereIs(program: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = folders.map((folder) => join(folder, program));
  return paths.find(existsSync) ?? program;
}
