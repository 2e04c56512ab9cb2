import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { Figures } from '../engine';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import { anyNumber, readSealed, sealed } from '../saved';
import type { Json } from '../settings';

/** A row of a grid: its points from the first a to the last. */
export type Row = readonly { readonly train: Figures; readonly test?: Figures }[];

/** How many points a grid has along a and along b. */
interface Size {
  readonly nx: number;
  readonly ny: number;
}

/**
 * The rows that a file keeps of what is computed from `from`, none if of something else, and how to
 * keep more. Without a file nothing is kept.
 *
 * @throws InputError when there is no room for the file, or it is damaged
 */
export function keptRows(file: string | undefined, size: Size, from: () => Json) {
  if (file === undefined) return { rows: [], keep: () => undefined };
  requireRoom(dirname(file));
  const key = hash(from());
  const keep = (rows: readonly Row[]) => writeAtomically(file, sealed({ key, rows }));
  return { rows: readRows(file, key, size), keep };
}

function hash(json: Json): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('hex');
}

const FIGURES = v.strictObject({
  loss: anyNumber,
  accuracy: anyNumber,
  metrics: v.exactOptional(v.record(v.string(), anyNumber)),
});
const GRID = v.strictObject({
  key: v.string(),
  rows: v.array(v.array(v.strictObject({ train: FIGURES, test: v.exactOptional(FIGURES) }))),
});

function readRows(file: string, key: string, { nx, ny }: Size): Row[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const told = { file, what: 'saved grid', remedy: 'delete it and run again' };
  const saved = readSealed(text, GRID, told);
  if (saved.key !== key) return [];
  if (saved.rows.length <= ny && saved.rows.every((row) => row.length === nx)) return saved.rows;
  throw new InputError(`${file} is no saved grid of ${nx}×${ny} points; delete it and run again`);
}
