import { readdirSync, readFileSync } from 'node:fs';

/** A node's slurmd, its steps, and what these run, which has the node's name in its environment. */
export function processesOfNode(node: string): number[] {
  const found = new Set<number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const of = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
    try {
      if (of('cmdline') === `slurmd\0-D\0-N\0${node}\0`) found.add(Number(pid));
      if (!of('environ').split('\0').includes(`SLURMD_NODENAME=${node}`)) continue;
      found.add(Number(pid));
      const parent = Number(/^PPid:\s*(\d+)/m.exec(of('status'))![1]);
      const name = readFileSync(`/proc/${parent}/comm`, 'utf8');
      if (name.startsWith('slurmstepd')) found.add(parent);
    } catch {
      // It has ended.
    }
  }
  return [...found];
}
