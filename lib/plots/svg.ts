import { createHash } from 'node:crypto';
import type { Spec } from 'vega';
import { isVegaLite, type PlotSpec, POINTER_TARGETS } from './spec';
import { type TextMetrics, textWidth } from './textWidth';

/**
 * The plot as an SVG document: what a viewer without scripts shows. Text is of the reader's
 * sans-serif font; the ids inside are unique to the picture, so that several stand on one page.
 */
export async function renderSvg(spec: PlotSpec): Promise<string> {
  const vega = await import('vega');
  const { parse, View } = vega;
  // Vega's own guess, where there is no canvas to measure with, is a third too wide.
  (vega as unknown as { textMetrics: TextMetrics }).textMetrics.width = textWidth;
  const view = new View(parse(await compileToVega(spec)), { renderer: 'none' });
  try {
    return finished(await view.toSVG(), spec.description);
  } finally {
    view.finalize();
  }
}

/** The plain Vega of a plot, without the marks that only a pointer finds. */
async function compileToVega(spec: PlotSpec): Promise<Spec> {
  const still = withoutPointerTargets(spec);
  if (!isVegaLite(spec)) return still as Spec;
  const { compile } = await import('vega-lite');
  return compile(still as Parameters<typeof compile>[0]).spec;
}

/** Where a specification nests marks (Vega) and views (Vega-Lite). */
const NESTS = ['marks', 'layer', 'hconcat'];

function withoutPointerTargets(group: object): object {
  const nested = Object.entries(group).filter(([key]) => NESTS.includes(key));
  const kept = nested.map(([key, children]) => [
    key,
    (children as { readonly name?: unknown }[])
      .filter(({ name }) => name !== POINTER_TARGETS)
      .map(withoutPointerTargets),
  ]);
  return { ...group, ...Object.fromEntries(kept) };
}

/**
 * Vega numbers its clip paths and gradients from 0 in every picture. Two pictures inlined in one
 * page would then share them, so each gets ids of its own, made from its content.
 */
function finished(svg: string, description: string): string {
  const mark = createHash('sha256').update(svg).digest('hex').slice(0, 8);
  return svg
    .replaceAll(/\bid="([^"]+)"/g, `id="$1-${mark}"`)
    .replaceAll(/url\(#([^)]+)\)/g, `url(#$1-${mark})`)
    .replace('<svg ', `<svg role="img" aria-label="${escapeAttribute(description)}" `);
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
