import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readArguments, runCommand } from '../lib/command';
import { cellText, readNotebook } from '../lib/ipynb';
import { projectRoot } from '../lib/root';
import { type Client, startKernel } from '../test/kernel/client';
import { treeOf } from '../test/processes';
import { temporaryFolder } from '../test/temporaryFolder';
import { type Footprint, footprint } from './footprint';

/**
 * What each of many students on one machine takes: `npx tsx bench/classroom.ts --kernels 8` has so many
 * kernels carry out Part 1 side by side up to its two trainings, at the small size, and tells memory
 * and processor time of each after the imports, after the trainings, and a while later.
 */

const LAST = 'task-1-1-figures';

async function classroom(): Promise<number> {
  const options = { kernels: { type: 'string', default: '8' } } as const;
  const count = Number(readArguments('classroom', options).values.kernels);
  const cells = readNotebook(
    join(projectRoot, 'notebooks', 'instructor', 'part-1.ipynb'),
  ).cells.filter((cell) => cell.cell_type === 'code');
  const upTo = cells.findIndex(({ id }) => id === LAST);
  const codes = cells.slice(0, upTo + 1).map(cellText);
  process.env.LAB_SIZE = 'small';
  const free = process.availableMemory() / 1e6;
  const kernels: Client[] = [];
  for (let i = 0; i < count; i++) {
    process.env.LAB_OUT = temporaryFolder();
    kernels.push(await startKernel());
  }
  const begun = performance.now();
  const told = (when: string) => {
    const all = kernels.map(({ process }) => footprint(treeOf(process.pid!)));
    const most = (of: keyof Footprint) => Math.max(...all.map((one) => one[of]));
    const sum = (of: keyof Footprint) => all.reduce((total, one) => total + one[of], 0);
    console.log(
      `${when}: ${(sum('memory') / count).toFixed(0)} MB each, ${most('memory').toFixed(0)} at the most, ` +
        `${sum('memory').toFixed(0)} in all; ${(sum('seconds') / count).toFixed(1)} s of processor time each; ` +
        `${most('processes')} processes; ${((performance.now() - begun) / 1000).toFixed(0)} s on the clock`,
    );
    return sum('memory') / count;
  };
  console.log(`${count} kernels on ${availableParallelism()} cores, ${free.toFixed(0)} MB free`);
  told('started');
  const carryOut = (some: readonly string[]) =>
    Promise.all(
      kernels.map(async (kernel) => {
        for (const code of some) {
          const { reply } = await kernel.run(code);
          if (reply.status !== 'ok') throw new Error(`${reply.evalue}`);
        }
      }),
    );
  await carryOut(codes.slice(0, 1));
  told('after the imports');
  await carryOut(codes.slice(1));
  const each = told('after the trainings');
  console.log(`so ${Math.floor(free / each)} have room in what was free`);
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  told('20 s later');
  await Promise.all(kernels.map((kernel) => kernel.close()));
  return 0;
}

runCommand(classroom);
