import { InputError, requireInteger } from '../errors';
import { extent } from '../extent';
import { escapeHtml } from '../text';
import { formatColumn } from './format';
import type { Frame } from './frame';

/** How much of a frame a table shows. */
export interface TableOptions {
  /** Frames longer by two rows or more are shortened in the middle to this many; at least 2, by default 20. */
  readonly rows?: number;
}

/** A frame laid out as text: what both kinds of table show. */
interface Layout {
  readonly header: readonly string[];
  /** Whether each column is set to the right, as numbers are. */
  readonly right: readonly boolean[];
  readonly head: readonly (readonly string[])[];
  readonly tail: readonly (readonly string[])[];
  readonly hidden: number;
  readonly caption: string;
}

const ROWS = 20;

/** Where danfo keeps what a frame is made of. */
export const DANFO_FIELDS = ['$data', '$columns', '$index', '$isSeries'] as const;
type DanfoField = (typeof DANFO_FIELDS)[number];

/** Whether a value is a danfo frame or series; told by its fields, so danfo need not be loaded. */
export function isFrame(value: unknown): value is Frame {
  if (typeof value !== 'object' || value === null) return false;
  return '$setIndex' in value && DANFO_FIELDS.every((field) => Object.hasOwn(value, field));
}

/**
 * A frame as an HTML table: numbers to the right with few digits, everything escaped. A frame of
 * more than `rows` + 1 rows keeps its first and last ones, and the row between says how many are
 * hidden; the caption counts all. An index of 0, 1, 2, … is left out.
 *
 * @throws InputError when `rows` is not an integer of at least 2
 */
export function htmlTable(frame: Frame, options: TableOptions = {}): string {
  const { header, right, head, tail, hidden, caption } = layOut('htmlTable', frame, options);
  const cell = (tag: string) => (text: string, column: number) => {
    // A number is not broken at its minus, as 1.5e-4 would be where there is little room.
    const number = tag === 'td' ? 'right; white-space: nowrap' : 'right';
    return `<${tag} style="text-align: ${right[column] ? number : 'left'}">${escapeHtml(text)}</${tag}>`;
  };
  const row = (tag: string) => (cells: readonly string[]) =>
    `<tr>${cells.map(cell(tag)).join('')}</tr>`;
  const gap = `<tr><td colspan="${header.length}" style="text-align: center">${more(hidden)}</td></tr>`;
  return [
    '<table>',
    `<thead>${row('th')(header)}</thead>`,
    `<tbody>${head.map(row('td')).join('\n')}`,
    ...(hidden > 0 ? [gap] : []),
    `${tail.map(row('td')).join('\n')}</tbody>`,
    '</table>',
    `<p>${caption}</p>`,
  ].join('\n');
}

/**
 * A frame as a table in plain text, as `display` shows it where there is no HTML: numbers to the
 * right with few digits. A frame of more than `rows` + 1 rows keeps its first and last ones, and the
 * line between says how many are hidden.
 *
 * @param frame a danfo frame or series
 * @param options how many rows are shown
 * @throws InputError when `rows` is not an integer of at least 2
 * @example
 * ```ts
 * textTable(summaryFrame({ line: { maximum: 2 } })).split('\n')[0]; // → 'name  maximum'
 * ```
 */
export function textTable(frame: Frame, options: TableOptions = {}): string {
  const { header, right, head, tail, hidden, caption } = layOut('textTable', frame, options);
  const all = [header, ...head, ...tail];
  const widths = header.map((_, column) => extent(all.map((cells) => cells[column]!.length))[1]);
  const line = (cells: readonly string[]) =>
    cells
      .map((text, c) => (right[c] ? text.padStart(widths[c]!) : text.padEnd(widths[c]!)))
      .join('  ')
      .trimEnd();
  const gap = hidden > 0 ? [more(hidden)] : [];
  return [line(header), ...head.map(line), ...gap, ...tail.map(line), caption].join('\n');
}

function layOut(where: string, frame: Frame, { rows = ROWS }: TableOptions): Layout {
  requireInteger(where, 'rows', rows, 2);
  const values = fieldOf(where, frame, '$data').map((row) => (Array.isArray(row) ? row : [row]));
  const names = fieldOf(where, frame, '$columns').map(String);
  const index = fieldOf(where, frame, '$index');
  const columns = names.map((_, column) => values.map((row) => row[column]));
  const indexed = ownValue(frame, '$isSeries') === true || index.some((label, k) => label !== k);
  const shown = indexed ? [index, ...columns] : columns;
  const cells = shown.map(formatColumn);
  const count = values.length;
  const lines = Array.from({ length: count }, (_, k) => cells.map((column) => column[k]!));
  // In the place of the line that says how many are hidden, one row can stand itself.
  const isLong = count > rows + 1;
  const kept = isLong ? Math.ceil(rows / 2) : count;
  const tail = isLong ? lines.slice(count - Math.floor(rows / 2)) : [];
  return {
    header: indexed ? ['', ...names] : names,
    right: shown.map((column) => column.every((value) => typeof value === 'number')),
    head: lines.slice(0, kept),
    tail,
    hidden: count - kept - tail.length,
    caption: `${count} row${count === 1 ? '' : 's'} × ${names.length} column${names.length === 1 ? '' : 's'}`,
  };
}

/**
 * danfo gives a frame a property for each of its columns, which hides what danfo calls the same:
 * of a column `index`, `columns` or `values` its own `frame.index` and so on. Its fields are found
 * beneath, unless a column is called as one of those.
 *
 * @throws InputError when it is
 */
function fieldOf(where: string, frame: Frame, field: DanfoField): unknown[] {
  const value = ownValue(frame, field);
  if (Array.isArray(value)) return value;
  throw new InputError(
    `${where}: a column called ${field} hides danfo's own; call the column otherwise when the ` +
      'frame is made',
  );
}

function ownValue(frame: Frame, field: DanfoField): unknown {
  return Object.getOwnPropertyDescriptor(frame, field)?.value;
}

const more = (hidden: number) => `⋯ ${hidden} rows not shown ⋯`;
