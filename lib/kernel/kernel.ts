import type { Comms } from './comms';

/** One output in several formats, by MIME type; a viewer shows the richest it knows. */
export interface MimeBundle {
  readonly 'text/plain': string;
  readonly [mime: string]: unknown;
}

/** Which output a bundle is, so that a later one can take its place. */
export interface DisplayOptions {
  readonly displayId: string;
  /** Replace what was shown under this id. */
  readonly update: boolean;
}

/** What a library can ask of the kernel that runs it: `globalThis[Symbol.for('Jupyter.kernel')]`. */
export interface Kernel {
  display(bundle: MimeBundle, options?: DisplayOptions): void;
  /** Empties the cell's output; with `wait` only when there is something new to show. */
  clearOutput(wait: boolean): void;
  /** Aborted when the cell that calls it is interrupted. */
  signal(): AbortSignal | undefined;
  /** Asks the user for a line of text. */
  ask(prompt: string, password: boolean): Promise<string>;
  /** What the notebook's cells have declared, by name. */
  variables(): Readonly<Record<string, unknown>>;
  /**
   * Shows in this cell what another has shown, the last one if no number is given; gives whether
   * there was something, and the numbers of the cells whose outputs are kept.
   */
  showAgain?(line?: number): { readonly shown: boolean; readonly lines: readonly number[] };
  /** Lines to the front end, of which widgets are made; not every kernel has them. */
  readonly comms?: Comms;
}

const KERNEL = Symbol.for('Jupyter.kernel');

/** The kernel that runs this; undefined where there is none. */
export function runningKernel(): Kernel | undefined {
  return (globalThis as { [KERNEL]?: Kernel })[KERNEL];
}

/** Has libraries find the kernel. */
export function offerKernel(kernel: Kernel): void {
  Object.assign(globalThis, { [KERNEL]: kernel });
}
