import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { labKernelspec } from '../lib/commands/python';
import { projectRoot } from '../lib/root';
import { type Client, startKernel } from '../test/kernel/client';

/**
 * The kernel beside ipykernel and Deno, in turn, in one run: medians. On Linux, which tells the
 * processor time and memory of processes; on a machine that does nothing else.
 *
 *   npm install --prefix /tmp/deno deno
 *   npx tsx bench/kernel.ts --deno /tmp/deno/node_modules/.bin/deno
 */

const RUNS = 7;
const CELLS = 1000;
/** The cells that are looked at: the last so many. */
const LAST = 100;

interface Kernel {
  readonly name: string;
  readonly argv: readonly string[];
  /** A cell that declares little. */
  declare(i: number): string;
  /** What a user imports first. */
  readonly imports: string;
}

/** A kernel and all programs that it has started. */
function processesOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const lists = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/children`, 'utf8'));
    return [pid, ...lists.join(' ').split(/\s+/).filter(Boolean).map(Number).flatMap(processesOf)];
  } catch {
    return []; // It has ended.
  }
}

/** Milliseconds of processor time, those of ended processes included. */
function processorTime(pid: number): number {
  const ticks = processesOf(pid).flatMap((one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return fields.slice(11, 15).map(Number);
  });
  return 10 * ticks.reduce((sum, n) => sum + n, 0);
}

/** Megabytes: what each process sees, and with shared pages counted once. */
function memory(pid: number): { rss: number; pss: number } {
  const of = (key: string) =>
    processesOf(pid)
      .map((one) => readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))
      .map((text) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)![1]) / 1024)
      .reduce((sum, n) => sum + n, 0);
  return { rss: of('Rss'), pss: of('Pss') };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function ran(client: Client, code: string): Promise<void> {
  const { reply } = await client.run(code);
  if (reply.status !== 'ok') throw new Error(`${code}: ${reply.evalue}`);
}

/** From the start of the process. */
async function startOf({ argv, imports }: Kernel) {
  const begun = performance.now();
  const client = await startKernel(join(projectRoot, 'notebooks'), argv);
  const { pid } = client.process;
  await ran(client, '1 + 1');
  const first = performance.now() - begun;
  const time = processorTime(pid!);
  const { rss, pss } = memory(pid!);
  const before = performance.now();
  await ran(client, imports);
  const imported = performance.now() - before;
  await client.close();
  return { first, time, rss, pss, imported, both: first + imported };
}

async function longSession({ argv, declare }: Kernel) {
  const client = await startKernel(join(projectRoot, 'notebooks'), argv);
  const { pid } = client.process;
  const times: number[] = [];
  for (let i = 1; i <= CELLS; i++) {
    if (i === LAST || i === CELLS - LAST) times.push(processorTime(pid!));
    await ran(client, declare(i));
    if (i === 2 * LAST || i === CELLS) times.push(processorTime(pid!));
  }
  const [a = 0, b = 0, c = 0, d = 0] = times;
  const begun = performance.now();
  await client.request('complete_request', { code: 'a1', cursor_pos: 2 });
  const completed = performance.now() - begun;
  const { rss, pss } = memory(pid!);
  await client.close();
  return { early: (b - a) / LAST, late: (d - c) / LAST, rss, pss, completed };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { deno: { type: 'string' } } });
  const python = join(projectRoot, '.venv', 'bin', 'python');
  const kernels: Kernel[] = [
    {
      name: 'this kernel',
      argv: labKernelspec().argv,
      declare: (i) => `let a${i} = ${i};`,
      imports: "import 'pathlab';",
    },
    {
      name: 'ipykernel',
      argv: [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
      declare: (i) => `a${i} = ${i}`,
      imports: 'import numpy',
    },
  ];
  if (values.deno !== undefined) {
    // What npm installs is a script that starts it.
    const deno = execFileSync(values.deno, ['eval', '-p', 'Deno.execPath()'], { encoding: 'utf8' });
    kernels.push({
      name: 'Deno',
      argv: [deno.trim(), 'jupyter', '--kernel', '--conn', '{connection_file}'],
      declare: (i) => `let a${i} = ${i};`,
      imports: "import 'node:http';",
    });
  }
  const starts = new Map(
    kernels.map((kernel) => [kernel, [] as Awaited<ReturnType<typeof startOf>>[]]),
  );
  for (let run = 0; run < RUNS; run++) {
    for (const [kernel, all] of starts) all.push(await startOf(kernel));
  }
  for (const [kernel, all] of starts) {
    const of = (key: keyof (typeof all)[number]) => median(all.map((one) => one[key]));
    const session = await longSession(kernel);
    console.log(
      [
        kernel.name,
        `  start to first result        ${of('first').toFixed(0)} ms, ${of('time').toFixed(0)} ms of processor time`,
        `  ${kernel.imports.padEnd(27)}  ${of('imported').toFixed(0)} ms, with the start ${of('both').toFixed(0)} ms`,
        `  memory after the start       ${of('pss').toFixed(0)} MB, ${of('rss').toFixed(0)} MB with shared pages counted twice`,
        `  a cell that declares little  ${session.early.toFixed(1)} ms of processor time at cell ${LAST}, ${session.late.toFixed(1)} at cell ${CELLS}`,
        `  memory at cell ${CELLS}         ${session.pss.toFixed(0)} MB, ${session.rss.toFixed(0)} MB`,
        `  a completion there           ${session.completed.toFixed(0)} ms`,
      ].join('\n'),
    );
  }
}

main();
