import { valueBundle } from '../kernel/values';
import { isPlotSpec, isVegaLite, type PlotSpec, renderSvg, textAlternative } from '../plots';
import { htmlTable, isFrame, textTable } from '../tables';
import { type MimeBundle, runningKernel } from './runningKernel';
import { describeTensor, isTensor } from './tensors';

/**
 * Shows a value below the cell: a plot with tooltips, and as SVG where no scripts run; a danfo
 * frame as a table; a tensor as its type, shape and a few values; the bytes of a picture as that
 * picture; an object that has a `Symbol.for('Jupyter.display')` method as it says; anything else as
 * text. Outside a notebook the text goes to the console.
 *
 *     await display(pathPlot(figures));
 *
 * @param value what is shown
 * @example
 * ```ts
 * await display(summaryFrame({ line: { maximum: 2 } }));
 * ```
 */
export async function display(value: unknown): Promise<void> {
  await liveDisplay().show(value);
}

/** A place below the cell for something that changes. */
export interface LiveDisplay {
  /** Shows a value there, instead of the one before. */
  show(value: unknown): Promise<void>;
}

let displays = 0;

/**
 * A place below the cell whose value can be shown anew, as `display` shows it.
 *
 *     const live = liveDisplay();
 *     for (…) await live.show(historyPlot(histories));
 *
 * @example
 * ```ts
 * const live = liveDisplay();
 * for (const size of [10, 20]) await live.show(`${size} images`);
 * ```
 */
export function liveDisplay(): LiveDisplay {
  const displayId = `pathlab-display-${process.pid}-${++displays}`;
  let update = false;
  return {
    async show(value) {
      const bundle = await mimeBundle(value);
      const kernel = runningKernel();
      if (kernel === undefined) console.log(bundle['text/plain']);
      else kernel.display(bundle, { displayId, update });
      update = true;
    },
  };
}

/** A value in every format it can be shown in; see `display`. */
export async function mimeBundle(value: unknown): Promise<MimeBundle> {
  if (isPlotSpec(value)) return plotBundle(value);
  if (isFrame(value)) return { 'text/html': htmlTable(value), 'text/plain': textTable(value) };
  if (isTensor(value)) return { 'text/plain': describeTensor(value) };
  if (typeof value === 'string') return { 'text/plain': value };
  return await valueBundle(value);
}

async function plotBundle(spec: PlotSpec): Promise<MimeBundle> {
  const mime = isVegaLite(spec)
    ? 'application/vnd.vegalite.v5+json'
    : 'application/vnd.vega.v5+json';
  return {
    // As SVG, which a page can make smaller where there is little room; a pointer still finds its marks.
    [mime]: { ...spec, usermeta: { embedOptions: { renderer: 'svg' } } },
    'image/svg+xml': await renderSvg(spec),
    'text/plain': textAlternative(spec),
  };
}
