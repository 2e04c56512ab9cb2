import { escapeHtml } from '../text';

/** What stands on top of the report: a figure of the summary by its path, and what it is. */
const rows: readonly (readonly [label: string, path: string])[] = [
  ['train accuracy of the two minima', 'trainAccuracy'],
  ['test accuracy of the two minima', 'testAccuracy'],
  ['final train loss (nats)', 'finalTrainLoss'],
  ['largest train loss on the straight line (nats)', 'line.peakTrainLoss'],
  ['largest train loss on the chain (nats)', 'chain.maxTrainLoss'],
  ['mean train loss on the chain (nats)', 'chain.meanTrainLoss'],
  ['length of the chain ÷ length of the line', 'chain.lengthRatio'],
  ['size', 'size'],
  ['backend', 'backend.name'],
  ['seconds', 'timings.total'],
  ['commit', 'machine.commit'],
];

/** The main figures as a table; a figure that the summary lacks has no row. */
export function headline(summary: Readonly<Record<string, unknown>>): string {
  const cells = rows
    .map(([label, path]) => [label, valueAt(summary, path)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `<tr><th>${label}</th><td>${escapeHtml(show(value))}</td></tr>`);
  return `<div class="table"><table>${cells.join('')}</table></div>`;
}

function valueAt(summary: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], summary);
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.map(show).join(', ');
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}
