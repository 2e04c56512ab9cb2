import { inspect } from 'node:util';
import { isPlotSpec, isVegaLite, type PlotSpec, renderSvg, textAlternative } from '../plots';
import { htmlTable, isFrame, textTable } from '../tables';
import { type MimeBundle, runningKernel } from './runningKernel';
import { describeTensor, isTensor } from './tensors';

const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/** Something that is shown. */
export interface Shown {
  /** Shows another value in its place. */
  update(value: unknown): Promise<void>;
}

let shown = 0;

/**
 * Shows a value below the cell: a plot with tooltips, and as SVG where no scripts run; a danfo
 * frame as a table; a tensor as its type, shape and a few values; an object that has a
 * `Symbol.for('Jupyter.display')` method as it says; anything else as text. Outside a notebook
 * the text goes to the console.
 *
 *     const plot = await display(pathPlot(figures));
 *     await plot.update(pathPlot(others));
 */
export async function display(value: unknown): Promise<Shown> {
  const displayId = `pathlab-display-${process.pid}-${++shown}`;
  const show = async (what: unknown, update: boolean) => {
    const bundle = await mimeBundle(what);
    const kernel = runningKernel();
    if (kernel === undefined) console.log(bundle['text/plain']);
    else kernel.display(bundle, { displayId, update });
  };
  await show(value, false);
  return { update: (other) => show(other, true) };
}

/** A value in every format it can be shown in; see `display`. */
export async function mimeBundle(value: unknown): Promise<MimeBundle> {
  if (isPlotSpec(value)) return plotBundle(value);
  if (isFrame(value)) return { 'text/html': htmlTable(value), 'text/plain': textTable(value) };
  if (isTensor(value)) return { 'text/plain': describeTensor(value) };
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
    'text/plain': textAlternative(spec),
  };
}
