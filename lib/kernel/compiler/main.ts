import type { CompilerOrder, CompilerReport } from '../messages';
import { answer } from './answer';
import { createCompiler } from './compile';

/** The process that compiles cells, in the working directory, and answers what an editor asks. */
function main(): void {
  const compiler = createCompiler(process.cwd());
  process.on('disconnect', () => process.exit());
  // An interrupt is for cells.
  process.on('SIGINT', () => undefined);
  process.on('message', (order: CompilerOrder) => {
    if (order.kind === 'learn') compiler.learn(order.knowledge);
    else {
      const report: CompilerReport = { id: order.id, answer: answer(compiler, order.question) };
      process.send!(report);
    }
  });
}

main();
