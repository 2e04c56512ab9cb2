import { inspect } from 'node:util';
import { isPlotSpec, isVegaLite, type PlotSpec, renderSvg } from '../plots';
import { htmlTable, isFrame, textTable } from '../tables';
import { type MimeBundle, runningKernel } from './runningKernel';

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
