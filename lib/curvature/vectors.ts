import { type Generator, normal } from '../random';

/** x·y. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** |x|, also where a square would overflow or be rounded to 0. */
export function length(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** y += c·x, in place. */
export function addScaled(y: Float64Array, c: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = y[i]! + c * x[i]!;
}

/** A direction, each equally likely, of length 1. */
export function randomUnit(size: number, random: Generator): Float64Array {
  const x = Float64Array.from({ length: size }, () => normal(random));
  const norm = length(x);
  return x.map((value) => value / norm);
}
