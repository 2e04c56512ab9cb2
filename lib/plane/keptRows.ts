import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Figures } from '../engine';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import type { Json } from '../settings';

/** A row of a grid: its points from the first a to the last. */
export type Row = readonly { readonly train: Figures; readonly test?: Figures }[];

/**
 * The rows that a file keeps of what is computed from `from`, none if of something else, and how to
 * keep more. Without a file nothing is kept.
 *
 * @throws InputError when there is no room for the file, or it holds no JSON
 */
export function keptRows(file: string | undefined, from: () => Json) {
  if (file === undefined) return { rows: [], keep: () => undefined };
  requireRoom(dirname(file));
  const key = hash(from());
  const keep = (rows: readonly Row[]) => writeAtomically(file, writeRows(key, rows));
  return { rows: readRows(file, key), keep };
}

function hash(json: Json): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('hex');
}

/** JSON has no NaN and no ∞, which a loss far from the minima may be: they are kept as text. */
const WORDS = ['NaN', 'Infinity', '-Infinity'];

function writeRows(key: string, rows: readonly Row[]): string {
  const encode = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  return JSON.stringify({ key, rows }, encode);
}

function readRows(file: string, key: string): Row[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const decode = (_: string, value: unknown) =>
    WORDS.some((w) => w === value) ? Number(value) : value;
  try {
    const saved = JSON.parse(text, decode) as { key: string; rows: Row[] };
    return saved.key === key ? saved.rows : [];
  } catch {
    throw new InputError(`${file} is no saved grid (no JSON); delete it and run again`);
  }
}
