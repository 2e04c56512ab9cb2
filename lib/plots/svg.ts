import { createHash } from 'node:crypto';
import type { LoggerInterface, Spec } from 'vega';
import { InputError } from '../errors';
import { escapeHtml } from '../text';
import { refuseFaults } from './faults';
import { isVegaLite, type PlotSpec, POINTER_TARGETS, textAlternative } from './spec';
import { type TextMetrics, textWidth } from './textWidth';

/**
 * The plot as an SVG document: what a viewer without scripts shows. Text is of the reader's
 * sans-serif font; the ids inside are unique to the picture, so that several stand on one page.
 *
 * @param spec a Vega or Vega-Lite specification
 * @throws InputError when the specification has a fault; see `refuseFaults`
 * @example
 * ```ts
 * const figures = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * const svg = await renderSvg(pathPlot({ linear_combination_of_two_minima: figures }));
 * svg.startsWith('<svg'); // → true
 * ```
 */
export async function renderSvg(spec: PlotSpec): Promise<string> {
  const vega = await import('vega');
  const { parse, View } = vega;
  refuseFaults(spec);
  // Vega's own guess, where there is no canvas to measure with, is a third too wide.
  (vega as unknown as { textMetrics: TextMetrics }).textMetrics.width = textWidth;
  const { logger, faults } = listening();
  const view = new View(parse(await compileToVega(spec, logger)), { renderer: 'none', logger });
  try {
    const svg = await view.toSVG();
    if (faults.length > 0) throw new InputError(`plot: ${faults[0]}`);
    return finished(svg, textAlternative(spec));
  } finally {
    view.finalize();
  }
}

/** The plain Vega of a plot, without the marks that only a pointer finds. */
async function compileToVega(spec: PlotSpec, logger: LoggerInterface): Promise<Spec> {
  // Vega marks the data it is given, so it is given a copy.
  const still = structuredClone(withoutPointerTargets(spec));
  if (!isVegaLite(spec)) return still as Spec;
  const { compile } = await import('vega-lite');
  return compile(still as Parameters<typeof compile>[0], { logger }).spec;
}

/** A logger of Vega's, and what it was told that makes a picture another than was meant. */
function listening(): { readonly logger: LoggerInterface; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const logger: LoggerInterface = {
    level: ((level?: number) => (level === undefined ? 0 : logger)) as LoggerInterface['level'],
    error(...told) {
      const text = String(told[0]);
      const scale = /_\.%(\S+) is not a function/.exec(text)?.[1];
      faults.push(scale ? `no scale is called "${scale}"` : text);
      return logger;
    },
    warn(...told) {
      const text = told.join(' ');
      if (FAULT.test(text)) faults.push(text);
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return { logger, faults };
}

/** Warnings of Vega and Vega-Lite that something of the specification was left out. */
const FAULT = /^(Invalid |Loading failed|Channel "|\S+-encoding is dropped as \S+ is not a valid)/;

/** Where a specification nests marks (Vega) and views (Vega-Lite). */
const NESTS = ['marks', 'layer', 'hconcat'];

function withoutPointerTargets(group: object): object {
  const nested = Object.entries(group).filter(([key]) => NESTS.includes(key));
  const kept = nested.map(([key, children]) => [
    key,
    (children as { readonly name?: unknown }[])
      .filter(({ name }) => !String(name).startsWith(POINTER_TARGETS))
      .map(withoutPointerTargets),
  ]);
  return { ...group, ...Object.fromEntries(kept) };
}

/**
 * Vega numbers clip paths and gradients by a counter of the process, so that the same plot is
 * another text each time, and pictures of two processes on one page share their ids. Here they are
 * numbered from 0 in each picture, after a mark made from its content.
 */
function finished(svg: string, description: string): string {
  const ids = [...new Set([...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!))];
  const renumbered = (prefix: string) => {
    const renamed = (id: string) => (ids.includes(id) ? `${prefix}${ids.indexOf(id)}` : id);
    return svg
      .replaceAll(/\bid="([^"]+)"/g, (_, id: string) => `id="${renamed(id)}"`)
      .replaceAll(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${renamed(id)})`);
  };
  const mark = createHash('sha256').update(renumbered('')).digest('hex').slice(0, 8);
  // A function, because `$&` in a text would be the text that is replaced.
  const described = () => `<svg role="img" aria-label="${escapeHtml(description)}" `;
  return renumbered(`p${mark}-`).replace('<svg ', described);
}
