/** The part of Vega's text measurement that layout uses. */
export interface TextMetrics {
  width: (item: TextItem, line?: unknown) => number;
}

interface TextItem {
  readonly text?: unknown;
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly limit?: number;
}

/** Widths in DejaVu Sans, the widest of the usual sans-serif fonts, in units of the font size. */
const WIDTHS: readonly (readonly [characters: RegExp, width: number])[] = [
  [/[ijlI]/, 0.29],
  [/[ .,:;'|/()[\]-]/, 0.37],
  [/[frt]/, 0.4],
  [/[mW@%]/, 0.98],
  [/[wMOQGNHDU=+−<>~∞]/, 0.85],
  [/[A-Z]/, 0.68],
];
const OTHER = 0.635;
const BOLD = 1.12;

/**
 * The width of one line of text in pixels, estimated from above: a picture laid out with it clips
 * no text in any usual sans-serif font.
 */
export function textWidth(item: TextItem, line: unknown = item.text): number {
  const widths = [...String(line ?? '')].map(
    (character) => WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? OTHER,
  );
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  const width = widths.reduce((sum, each) => sum + each, 0);
  const pixels = width * (item.fontSize ?? 11) * (bold ? BOLD : 1);
  return item.limit ? Math.min(pixels, item.limit) : pixels;
}
