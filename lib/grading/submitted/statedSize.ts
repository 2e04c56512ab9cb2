import { type Cell, cellText, type Notebook } from '../../ipynb';
import type { LabSize } from '../../notebook/lab';

/**
 * The size at which a notebook says it was carried out: what `openLab` is called with, else what
 * `npm run lab` has left in its metadata, else what its first cell printed.
 */
export function statedSize({ cells, metadata }: Notebook): LabSize | undefined {
  const code = cells.filter((cell) => cell.cell_type === 'code' && cellText(cell).length < 50e3);
  const called = code.map((cell) => {
    // A comment of the workbook names a size, too.
    const text = cellText(cell).replace(/\/\/.*/g, '');
    return /openLab\(\s*['"](small|full)['"]/.exec(text)?.[1];
  });
  const kept = (metadata?.pathlab as { size?: unknown } | undefined)?.size;
  const printed = code.map((cell) => /^size (small|full), files in /m.exec(printedBy(cell))?.[1]);
  return [...called, kept, ...printed].find((size) => size === 'small' || size === 'full');
}

function printedBy({ outputs }: Cell): string {
  if (!Array.isArray(outputs)) return '';
  const texts = outputs.flatMap((output: unknown) => (output as { text?: unknown } | null)?.text);
  return texts.filter((text) => typeof text === 'string').join('');
}
