import { type SpawnOptions, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '../root';

/** How a submission is kept from everything else. */
export type Isolation = 'bubblewrap' | 'none';

/** What a submission may use. */
export interface Limits {
  /** Wall-clock time of a notebook, in seconds. */
  readonly seconds: number;
  /** Of it, the longest that the cells of one task may take together. */
  readonly taskSeconds: number;
  /** Resident memory of all its processes together, in MB. */
  readonly memoryMB: number;
  readonly processes: number;
  /** What it may write, in MB, all of it in memory. */
  readonly diskMB: number;
  /** What it may tell the grader, in MB. */
  readonly outputMB: number;
}

/** A program, and what it is given: its folder is its `HOME`. */
export interface Program {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files that it finds in `given` of its folder. */
  readonly files: readonly string[];
}

/** Where and how a program is carried out. */
export interface Place {
  readonly command: readonly string[];
  readonly options: Pick<SpawnOptions, 'cwd' | 'env'>;
  /** To be called when it has ended. */
  leave(): void;
}

type Room = Pick<Limits, 'diskMB'>;

/** For the runner, the kernel and its engine, and some to spare; more would only starve others. */
const THREADS = 100 + 8 * availableParallelism();
/** Older kernels count the processes of the user, whatever namespace they are in. */
const COUNTS_BY_NAMESPACE = ((major = 0, minor = 0) => major > 5 || (major === 5 && minor >= 14))(
  ...release().split('.').map(Number),
);

/** Bubblewrap 0.8 and newer: in a namespace of its own a submission could mount folders in memory. */
const FORBIDS_NAMESPACES = spawnSync('bwrap', ['--help'], { encoding: 'utf8' }).stdout?.includes(
  '--disable-userns',
);

/** The protections that an isolation gives, in words. */
export const PROTECTIONS: Readonly<Record<Isolation, readonly string[]>> = {
  bubblewrap: [
    'own process, user, network and file-system namespaces (bubblewrap)',
    'no network, an empty home, lib and data read-only, nothing else of this machine',
    'limits on time, memory, processes, files and output',
  ],
  none: [
    'own process group, a home and an environment of its own; limits on time, memory, processes and output',
    'NONE against reading and changing what you can read and change here, or against the network',
  ],
};

/**
 * Whether bubblewrap works here, where it may be missing or user namespaces be forbidden, and Node
 * finds the compiled lib in it.
 */
export function hasBubblewrap(): boolean {
  const lib = join(projectRoot, 'lib', 'dist', 'index.js');
  const program = [realpathSync(process.execPath), '-e', 'fs.accessSync(process.argv[1])', lib];
  const [command, ...args] = inBubblewrap(
    { command: program, environment: {}, files: [] },
    { diskMB: 16 },
  ).command;
  return spawnSync(command!, args, { stdio: 'ignore' }).status === 0;
}

/** The place that an isolation gives a program. */
export function placeOf(isolation: Isolation, program: Program, limits: Room): Place {
  return isolation === 'none' ? inFolder(program) : inBubblewrap(program, limits);
}

/**
 * Bubblewrap: the program sees the system's programs, Node, the compiled lib and its packages, all
 * read-only, and a writable folder in memory; no network, no other process, no home, no
 * environment but what is given.
 */
function inBubblewrap({ command, environment, files }: Program, room: Room): Place {
  const see = (path: string, as = path) => ['--ro-bind', path, as];
  const node = realpathSync(process.execPath);
  const system = ['/usr', '/bin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'];
  const ours = ['node_modules', 'lib/dist', 'lib/package.json', 'package.json'];
  const work = join(projectRoot, 'work');
  const memory = (path: string, share: number) => {
    return ['--size', String(room.diskMB * 1e6 * share), '--tmpfs', path];
  };
  const evidence = join(projectRoot, 'evidence');
  const set = {
    PATH: '/usr/bin:/bin',
    HOME: work,
    TMPDIR: work,
    LAB_EVIDENCE: evidence,
    ...environment,
  };
  const words = [
    'bwrap --unshare-all --unshare-user --uid 1000 --gid 1000 --cap-drop ALL',
    `--die-with-parent --new-session --clearenv ${FORBIDS_NAMESPACES ? '--disable-userns' : ''}`.trim(),
  ].flatMap((line) => line.split(' '));
  return {
    command: [
      ...['prlimit', '--core=0', `--fsize=${room.diskMB * 1e6}`],
      ...words,
      // First, because the project may lie in /tmp.
      // Its settings are the machine's, and root's processes could write them.
      ...[
        '--proc',
        '/proc',
        '--ro-bind',
        '/proc/sys',
        '/proc/sys',
        '--dev',
        '/dev',
        ...memory('/dev/shm', 0.1),
        '--remount-ro',
        '/dev',
      ],
      ...memory('/tmp', 0.1),
      ...system.filter(existsSync).flatMap((path) => see(path)),
      ...(node.startsWith('/usr/') ? [] : see(node)),
      ...ours
        .map((path) => join(projectRoot, path))
        .filter(existsSync)
        .flatMap((path) => see(path)),
      // Evidence has a room of its own, which a full home does not fill.
      ...[...memory(work, 0.6), ...memory(evidence, 0.2), '--chdir', work],
      ...files.flatMap((file) => see(file, join(work, 'given', basename(file)))),
      // Last: the root itself is a tmpfs that has no size.
      ...['--remount-ro', '/'],
      ...Object.entries(set).flatMap(([name, value]) => ['--setenv', name, value]),
      '--',
      ...(COUNTS_BY_NAMESPACE ? ['prlimit', `--nproc=${THREADS}`] : []),
      ...command,
    ],
    options: {},
    leave: () => undefined,
  };
}

/** A folder for temporary files, and nothing that would keep the program in it. */
function inFolder({ command, environment, files }: Program): Place {
  const work = mkdtempSync(join(tmpdir(), 'submission-'));
  const evidence = join(work, 'evidence');
  for (const folder of [join(work, 'given'), evidence]) mkdirSync(folder);
  // Where imports are looked for.
  symlinkSync(join(projectRoot, 'node_modules'), join(work, 'node_modules'));
  for (const file of files) copyFileSync(file, join(work, 'given', basename(file)));
  const remove = () => rmSync(work, { recursive: true, force: true });
  // Also when the grader is interrupted.
  process.once('exit', remove);
  return {
    command,
    options: {
      cwd: work,
      env: {
        PATH: '/usr/bin:/bin',
        HOME: work,
        TMPDIR: work,
        LAB_EVIDENCE: evidence,
        ...environment,
      },
    },
    leave: () => {
      process.off('exit', remove);
      remove();
    },
  };
}
