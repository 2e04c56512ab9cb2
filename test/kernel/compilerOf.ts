import { execFileSync } from 'node:child_process';
import type { Client } from './client';

/** The process of a kernel's compiler, a child of its launcher, and how it was started. */
export function compilerOf({ process: { pid } }: Client): { pid: number; args: string } {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  for (const line of list.split('\n')) {
    const [, own, parent, args = ''] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    if (parent === String(pid) && /compiler[/-]/.test(args)) return { pid: Number(own), args };
  }
  throw new Error('the kernel has no compiler');
}
