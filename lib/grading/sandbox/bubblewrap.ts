import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../root';
import { foldersOf, type Place, type Program, type Room } from './isolation';
import { refusedSystemCalls } from './systemCalls';
import { EVIDENCE, view, WORK } from './view';

/** For the runner, the kernel and its engine, and some to spare; more would only starve others. */
const THREADS = 100 + 8 * availableParallelism();
/** Older kernels count the processes of the user, whatever namespace they are in. */
const COUNTS_BY_NAMESPACE = ((major = 0, minor = 0) => major > 5 || (major === 5 && minor >= 14))(
  ...release().split('.').map(Number),
);

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
 * Bubblewrap: the program sees what `view` says and nothing else; no network, no other process, no
 * home, no environment but what is given. Bubblewrap itself stays beside it as its first process,
 * where it can be looked at: so it has no environment either, and is told what to do in a file.
 */
export function inBubblewrap({ command, environment, files }: Program, room: Room): Place {
  // The orders come first of the descriptors, the files last.
  const filter = refusedSystemCalls();
  const filters = filter === undefined ? [] : [holding(filter)];
  const opened = files.map(({ from }) => openSync(from, 'r'));
  const firstFile = 3 + 1 + filters.length;
  const set = { PATH: '/usr/bin:/bin', ...foldersOf(WORK, EVIDENCE), ...environment };
  const orders = [
    ...apart(),
    ...filters.flatMap(() => ['--seccomp', '4']),
    ...view(room),
    // Copies: where a file comes from would be told by a mount.
    ...files.flatMap(({ as }, i) => ['--file', String(firstFile + i), join(WORK, as)]),
    // Last: the root itself is a tmpfs that has no size.
    ...['--remount-ro', '/'],
    ...Object.entries(set).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
  const descriptors = [holding(orders.map((word) => `${word}\0`).join('')), ...filters, ...opened];
  return {
    command: [
      ...[whereIs('prlimit'), '--core=0', `--fsize=${Math.floor(room.diskMB * 1e6)}`],
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

/** Namespaces, a user and a session of its own. */
function apart(): string[] {
  return [
    '--unshare-all --unshare-user --uid 1000 --gid 1000 --cap-drop ALL --hostname sandbox',
    `--die-with-parent --new-session --clearenv ${forbidsNamespaces() ? '--disable-userns' : ''}`,
  ].flatMap((line) => line.trim().split(' '));
}

/** Bubblewrap 0.8 and newer: in a namespace of its own a submission could mount folders in memory. */
function forbidsNamespaces(): boolean {
  forbids ??= spawnSync('bwrap', ['--help'], { encoding: 'utf8' }).stdout?.includes(
    '--disable-userns',
  );
  return forbids ?? false;
}
let forbids: boolean | undefined;

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
