import type { CompilerOrder, CompilerReport } from '../messages';
import { answer } from './answer';
import { createCompiler } from './compile';
import { leaveOutNode } from './program';
import { packageFiles } from './sources';

/** Compiles cells of the working directory and answers what an editor asks, for the launcher. */
export function serve(): void {
  let compiler = createCompiler(process.cwd());
  process.on('disconnect', () => process.exit());
  // An interrupt is for cells.
  process.on('SIGINT', () => undefined);
  process.on('message', (order: CompilerOrder) => {
    if (order.kind === 'learn') compiler.learn(order.knowledge);
    else if (order.kind === 'forget') compiler = createCompiler(process.cwd());
    else {
      const report: CompilerReport = { id: order.id, answer: answer(compiler, order.question) };
      // The launcher may be gone by now.
      process.send!(report, undefined, undefined, () => undefined);
    }
  });
}

/**
 * Does what the first cells ask for, so that declarations are there, and TypeScript's functions
 * compiled.
 *
 * @param contents `node` for all of Node's declarations, and names of packages
 * @returns the files of packages that were read
 */
export function warmUp(contents: readonly string[]): string[] {
  const [node, ...packages] = contents;
  if (node === undefined) leaveOutNode();
  const compiler = createCompiler(process.cwd());
  const imports = packages.map((name, i) => `import * as m${i} from ${JSON.stringify(name)};`);
  for (const code of [...TYPICAL, imports.join('\n')]) {
    const compiled = compiler.compile(code);
    if ('complaints' in compiled) throw new Error(compiled.complaints[0]?.message);
    compiler.learn(compiled.knowledge);
  }
  answer(compiler, { kind: 'isComplete', code: 'for (;;' });
  if (node !== undefined) {
    for (const kind of ['complete', 'inspect'] as const) {
      answer(compiler, { kind, code: 'sum.toFi', cursor: 7 });
    }
  }
  compiler.rest();
  return packageFiles();
}

const TYPICAL = [
  'let sum = 0;\nconst add = (a: number, b = 1) => a + b;\nfunction twice(n: number) { return add(n, n); }',
  'for (const n of [1, 2, 3]) sum += twice(n);\nconsole.log({ sum });\nsum',
  'interface Point { x: number }\nclass Origin implements Point { x = 0 }\nawait Promise.resolve(new Origin());',
];
