import { InputError } from '../errors';
import type { DisplayOptions, Kernel, MimeBundle } from '../kernel/kernel';

export type { DisplayOptions, Kernel, MimeBundle };

/** Under which the lab's kernel makes itself known. */
const KERNEL = Symbol.for('Jupyter.kernel');

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
