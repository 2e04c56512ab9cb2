import { InputError } from '../errors';

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

/** What a notebook's helpers can ask of the kernel that runs them. */
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
}

const KERNEL = Symbol.for('pathlab.kernel');

/** Makes the kernel known to `runningKernel`, in whichever copy of this module it is asked. */
export function offerKernel(kernel: Kernel): void {
  (globalThis as { [KERNEL]?: Kernel })[KERNEL] = kernel;
}

/** The lab's own kernel, else a stock tslab, else none: this is no notebook. */
export function runningKernel(): Kernel | undefined {
  return (globalThis as { [KERNEL]?: Kernel })[KERNEL] ?? stockTslab();
}

/** The part of tslab's jupyter module behind its `display.raw`. */
interface TslabJupyter {
  readonly lastWriteDisplayData?: ((data: object, update: boolean) => void) | null;
}

/**
 * tslab's public `display.raw` makes one output of each MIME type, which would show a plot three
 * times. The function below it takes a whole bundle. The running copy is looked up among the
 * loaded modules, as it may be installed anywhere.
 */
function stockTslab(): Kernel | undefined {
  const path = Object.keys(require.cache).find((name) =>
    /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name),
  );
  const jupyter = path === undefined ? undefined : (require.cache[path]?.exports as TslabJupyter);
  const write = jupyter?.lastWriteDisplayData;
  if (!write) return undefined;
  return {
    display(data, options) {
      const transient = options === undefined ? {} : { display_id: options.displayId };
      write({ data, metadata: {}, transient }, options?.update ?? false);
    },
    clearOutput: () => undefined,
    signal: () => undefined,
    variables: () =>
      (globalThis as { __tslab__?: { exports: Record<string, unknown> } }).__tslab__?.exports ?? {},
    ask: async (prompt) => {
      throw new InputError(`nobody can answer "${prompt}" here: start JupyterLab with npm start`);
    },
  };
}
