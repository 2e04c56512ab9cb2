import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startCompiler } from 'typescript-notebook-kernel/dist/compilerProcess';
import type { Compiled } from 'typescript-notebook-kernel/dist/messages';
import { cellText, readNotebook } from '../lib/ipynb';
import { kernelSetup } from '../lib/notebook/kernelSetup';
import { projectRoot } from '../lib/root';

/**
 * How long the editor waits for completion and for Shift+Tab in the cells of the lab: asks at many
 * places of every cell, knowing the cells above, as the kernel's launcher does. It begins once the
 * compiler is ready, as a user does whose notebook has just opened: JupyterLab asks for the history
 * then, and the kernel loads all declarations. A session's first question comes
 * before any cell ran; it is told by itself as well.
 *
 *   npx tsx bench/completion.ts
 */

/** Behind a word, a dot, an open bracket or a quote, as a user types; at most this many a cell. */
const PLACES = /[\w$](?![\w$])|[.([{'"]/g;
const MOST = 12;

interface Wait {
  readonly ms: number;
  readonly what: string;
}

function placesIn(code: string): number[] {
  const all = [...code.matchAll(PLACES)].map(({ index }) => index + 1);
  const step = Math.max(1, Math.ceil(all.length / MOST));
  return all.filter((_, i) => i % step === 0);
}

async function waitsIn(path: string): Promise<Wait[]> {
  const name = basename(path);
  const compiler = startCompiler(kernelSetup.packages);
  compiler.expectQuestions();
  await compiler.ask({ kind: 'isComplete', code: '' });
  const waits: Wait[] = [];
  for (const cell of readNotebook(path).cells) {
    if (cell.cell_type !== 'code') continue;
    const code = cellText(cell);
    for (const at of placesIn(code)) {
      // What stands behind the cursor is not typed yet.
      const typed = code.slice(0, at);
      for (const kind of ['complete', 'inspect'] as const) {
        const cursor = [...typed].length;
        const begun = performance.now();
        await compiler.ask({ kind, code: kind === 'complete' ? typed : code, cursor });
        const what = `${kind} in ${name}, ${cell.id}, behind ${JSON.stringify(typed.slice(-20))}`;
        waits.push({ ms: performance.now() - begun, what });
      }
    }
    const compiled = await compiler.ask({ kind: 'compile', code });
    if ('knowledge' in compiled) compiler.learn((compiled as Compiled).knowledge);
  }
  compiler.close();
  return waits;
}

async function main(): Promise<void> {
  const folder = join(projectRoot, 'notebooks');
  process.chdir(folder);
  const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  const waits: Wait[] = [];
  const first: number[] = [];
  for (const name of names.sort()) {
    const all = await waitsIn(join(folder, name));
    first.push(all[0]!.ms);
    waits.push(...all);
  }
  waits.sort((a, b) => a.ms - b.ms);
  const at = (part: number) => waits[Math.floor(part * (waits.length - 1))]!.ms.toFixed(0);
  console.log(`${waits.length} questions: median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms`);
  console.log(`the first of each session: ${first.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  console.log('the longest:');
  for (const { ms, what } of waits.slice(-10).reverse()) console.log(`${ms.toFixed(0)} ms ${what}`);
}

main();
