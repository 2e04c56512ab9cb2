import { type Dirent, existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../root';
import type { Room } from './isolation';

/** The folder of the program. */
export const WORK = join(projectRoot, 'work');
/** Where it leaves its evidence. */
export const EVIDENCE = join(projectRoot, 'evidence');

const SYSTEM = ['/usr', '/bin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'];
const OURS = [
  'node_modules',
  'lib/dist',
  'lib/package.json',
  'lib/kernel/dist',
  'lib/kernel/package.json',
  'lib/standins',
  'package.json',
];
/** What of `/proc` Node needs to know of the machine; the rest is nobody's business. */
const KNOWN_OF_MACHINE = new Set(['cpuinfo', 'loadavg', 'meminfo', 'stat', 'uptime']);

/**
 * What a program sees in bubblewrap, as bubblewrap's orders: the system's programs, Node, the
 * compiled lib and its packages, all read-only, and folders in memory that it can write to.
 */
export function view({ diskMB }: Room): string[] {
  const node = realpathSync(process.execPath);
  const ours = OURS.map((path) => join(projectRoot, path));
  const memory = (path: string, share: number) => {
    return ['--size', String(Math.floor(diskMB * 1e6 * share)), '--tmpfs', path];
  };
  return [
    // First, because the project may lie in /tmp.
    ...['--proc', '/proc', ...ofMachine().flatMap(hidden)],
    ...['--dev', '/dev', ...memory('/dev/shm', 0.1), '--remount-ro', '/dev'],
    ...memory('/tmp', 0.1),
    ...SYSTEM.filter(existsSync).flatMap(seen),
    ...(node.startsWith('/usr/') ? [] : seen(node)),
    ...ours.filter(existsSync).flatMap(seen),
    // Evidence has a room of its own, which a full home does not fill.
    ...[...memory(WORK, 0.6), ...memory(EVIDENCE, 0.2)],
    ...['--dir', join(WORK, 'notebook'), '--chdir', join(WORK, 'notebook')],
  ];
}

const seen = (path: string) => ['--ro-bind', path, path];

/** What `/proc` tells of the machine rather than of processes: its settings, keys, devices, … */
function ofMachine(): Dirent[] {
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
