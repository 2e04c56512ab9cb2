import { createConverter } from 'tslab/dist/converter';
import { createExecutor } from 'tslab/dist/executor';
import { cellText, readNotebook } from '../../lib/ipynb';

/**
 * A stock tslab, as its own kernel has it, in a process of its own: prints what became of each code
 * cell of a notebook as one line of JSON, the last of its output.
 *
 *     node --import tsx stockTslab.ts compile|run NOTEBOOK
 */
const [, , verb, notebook] = process.argv;
const sources = readNotebook(notebook!)
  .cells.filter(({ cell_type }) => cell_type === 'code')
  .map(cellText);

/** A cell, and what tslab has against it. */
export interface Ran {
  readonly source: string;
  readonly errors: readonly string[];
}

async function all(): Promise<Ran[]> {
  const converter = createConverter({ isJS: false, isBrowser: false });
  if (verb === 'compile') {
    let declared = '';
    return sources.map((source) => {
      const { diagnostics, declOutput } = converter.convert(declared, source);
      if (diagnostics.length === 0) declared = declOutput ?? '';
      return { source, errors: diagnostics.map(({ messageText }) => messageText) };
    });
  }
  const jupyter = require('tslab/dist/jupyter') as { lastWriteDisplayData: unknown };
  jupyter.lastWriteDisplayData = () => undefined;
  const errors: string[] = [];
  const note = (...told: unknown[]) => errors.push(told.map(String).join(' '));
  const converters = { node: converter, browser: converter, close: () => converter.close() };
  const executor = createExecutor(process.cwd(), converters, {
    log: () => undefined,
    error: note,
  });
  process.on('unhandledRejection', note);
  const ran: Ran[] = [];
  for (const source of sources) {
    const done = await executor.execute(source);
    ran.push({ source, errors: [...errors.splice(0), ...(done ? [] : ['failed'])] });
  }
  return ran;
}

void all().then((ran) => {
  console.log(`\n${JSON.stringify(ran)}`);
  process.exit();
});
