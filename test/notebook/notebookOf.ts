import type { MimeBundle } from '../../lib/notebook/runningKernel';

const KERNEL = Symbol.for('Jupyter.kernel');
const kernels = globalThis as { [KERNEL]?: object };

/** Runs as if in a notebook that has declared these; gives what it has shown, as text. */
export async function withNotebook(
  variables: object,
  cell: () => Promise<void>,
): Promise<string[]> {
  const texts: string[] = [];
  kernels[KERNEL] = {
    variables: () => variables,
    display: (bundle: MimeBundle) => texts.push(bundle['text/plain']),
  };
  try {
    await cell();
  } finally {
    delete kernels[KERNEL];
  }
  return texts;
}

/** What a value says to be shown as. */
export const shown = (value: object): MimeBundle =>
  (value as { [key: symbol]: () => MimeBundle })[Symbol.for('Jupyter.display')]!();
