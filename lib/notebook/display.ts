import { inspect } from 'node:util';
import { isPlotSpec, isVegaLite, type PlotSpec, renderSvg } from '../plots';
import { htmlTable, isFrame, textTable } from '../tables';

/** One output in several formats, by MIME type; a viewer shows the richest it knows. */
export interface MimeBundle {
  readonly 'text/plain': string;
  readonly [mime: string]: unknown;
}

/** What this module needs of the kernel that the notebook runs under. */
interface Kernel {
  display(bundle: MimeBundle): void;
}

const KERNEL = Symbol.for('pathlab.kernel');
const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/**
 * Shows a value below the cell: a plot with tooltips, and as SVG where no scripts run; a danfo
 * frame as a table; an object that has a `Symbol.for('Jupyter.display')` method as it says;
 * anything else as text. Outside a notebook the text goes to the console.
 *
 *     await display(pathPlot(figures));
 */
export async function display(value: unknown): Promise<void> {
  const bundle = await mimeBundle(value);
  const kernel = runningKernel();
  if (kernel === undefined) console.log(bundle['text/plain']);
  else kernel.display(bundle);
}

/** A value in every format it can be shown in; see `display`. */
export async function mimeBundle(value: unknown): Promise<MimeBundle> {
  if (isPlotSpec(value)) return plotBundle(value);
  if (isFrame(value)) return { 'text/html': htmlTable(value), 'text/plain': textTable(value) };
  const own = (value as { [JUPYTER_DISPLAY]?: unknown } | null | undefined)?.[JUPYTER_DISPLAY];
  if (typeof own === 'function') {
    const bundle = (await own.call(value)) as Readonly<Record<string, unknown>>;
    return { 'text/plain': inspect(value), ...bundle };
  }
  return { 'text/plain': typeof value === 'string' ? value : inspect(value) };
}

async function plotBundle(spec: PlotSpec): Promise<MimeBundle> {
  const mime = isVegaLite(spec)
    ? 'application/vnd.vegalite.v5+json'
    : 'application/vnd.vega.v5+json';
  return {
    [mime]: spec,
    'image/svg+xml': await renderSvg(spec),
    'text/plain': spec.description,
  };
}

/** The lab's own kernel, else a stock tslab, else none. */
function runningKernel(): Kernel | undefined {
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
  return { display: (data) => write({ data, metadata: {}, transient: {} }, false) };
}
