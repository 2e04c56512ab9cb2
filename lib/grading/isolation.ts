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
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { projectRoot } from '../root';
import type { Limits } from './sandbox';

/** How a submission is kept from everything else. */
export type Isolation = 'bubblewrap' | 'none';

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
    16,
  ).command;
  return spawnSync(command!, args, { stdio: 'ignore' }).status === 0;
}

/** The place that an isolation gives a program. */
export function placeOf(isolation: Isolation, program: Program, limits: Limits): Place {
  if (isolation === 'none') return inFolder(program);
  const place = inBubblewrap(program, limits.diskMB);
  const limited = [
    'prlimit',
    '--core=0',
    `--nproc=${limits.processes * 16}`,
    `--fsize=${limits.diskMB * 1e6}`,
  ];
  return { ...place, command: [...limited, ...place.command] };
}

/**
 * Bubblewrap: the program sees the system's programs, Node, the compiled lib and its packages, all
 * read-only, and a writable folder in memory; no network, no other process, no home, no
 * environment but what is given.
 */
function inBubblewrap({ command, environment, files }: Program, diskMB: number): Place {
  const see = (path: string, as = path) => ['--ro-bind', path, as];
  const node = dirname(dirname(realpathSync(process.execPath)));
  const system = ['/usr', '/bin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'];
  const ours = ['node_modules', 'lib/dist', 'lib/package.json', 'package.json'];
  const work = join(projectRoot, 'work');
  const size = ['--size', String(diskMB * 1e6)];
  const set = { PATH: '/usr/bin:/bin', HOME: work, ...environment };
  const words = [
    'bwrap --unshare-all --unshare-user --uid 1000 --gid 1000 --cap-drop ALL',
    '--die-with-parent --new-session --clearenv',
  ].flatMap((line) => line.split(' '));
  return {
    command: [
      ...words,
      // First, because the project may lie in /tmp.
      ...['--proc', '/proc', '--dev', '/dev', ...size, '--tmpfs', '/tmp'],
      ...system.filter(existsSync).flatMap((path) => see(path)),
      ...(node.startsWith('/usr') ? [] : see(node)),
      ...ours
        .map((path) => join(projectRoot, path))
        .filter(existsSync)
        .flatMap((path) => see(path)),
      ...[...size, '--tmpfs', work, '--chdir', work],
      ...files.flatMap((file) => see(file, join(work, 'given', basename(file)))),
      ...Object.entries(set).flatMap(([name, value]) => ['--setenv', name, value]),
      '--',
      ...command,
    ],
    options: {},
    leave: () => undefined,
  };
}

/** A folder for temporary files, and nothing that would keep the program in it. */
function inFolder({ command, environment, files }: Program): Place {
  const work = mkdtempSync(join(tmpdir(), 'submission-'));
  mkdirSync(join(work, 'given'));
  // Where imports are looked for.
  symlinkSync(join(projectRoot, 'node_modules'), join(work, 'node_modules'));
  for (const file of files) copyFileSync(file, join(work, 'given', basename(file)));
  return {
    command,
    options: {
      cwd: work,
      env: { PATH: '/usr/bin:/bin', HOME: work, TMPDIR: work, ...environment },
    },
    leave: () => rmSync(work, { recursive: true, force: true }),
  };
}
