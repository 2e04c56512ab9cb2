import { InputError } from '../errors';
import { extent } from '../extent';
import { accuracyLevels, logLevels, usualClip, usualFloor } from './levels';
import { readable } from './numbers';

/** What is contoured: heights on the grid, thresholds in the same unit, and words about them. */
export interface Relief {
  readonly values: readonly number[];
  readonly heights: readonly number[];
  readonly thresholds: readonly number[];
  /** Vega expression of a legend label. */
  readonly label: string;
  readonly note: string;
  readonly summary: string;
  /** How many values are not finite, whose cells are grey. */
  readonly grey: number;
  /** Dark is what is good: a low loss, a high accuracy. */
  readonly darkIsLow: boolean;
}

/**
 * Heights are log₁₀ of the loss, so a level halfway between two decades lies halfway.
 *
 * @param unit of the losses in words, with a space before it
 */
export function lossRelief(
  rows: readonly (readonly number[])[],
  clip: number | undefined,
  unit: string,
): Relief {
  const values = rows.flat();
  const finite = values.filter(Number.isFinite);
  const positive = finite.filter((value) => value > 0);
  if (clip !== undefined && !(clip > 0 && Number.isFinite(clip))) {
    throw new InputError(`planePlot: clip must be a positive number, got ${clip}`);
  }
  const [low, high] = extent(positive);
  const top = Math.min(clip ?? (positive.length > 0 ? usualClip(positive) : 1), Number.MAX_VALUE);
  const levels = positive.length === 0 ? [] : logLevels(usualFloor(positive), Math.min(top, high));
  const clipped = finite.some((value) => value > top);
  if (clipped && levels.at(-1) !== top) levels.push(top);
  // A loss of exactly 0 has no logarithm: it counts as the least loss that has one.
  const height = (value: number) =>
    Math.log10(Number.isFinite(value) ? Math.max(value, low) : 10 * Math.max(high, top));
  return {
    values,
    heights: values.map((value) => (positive.length === 0 ? 0 : height(value))),
    thresholds: levels.map(Math.log10),
    label: "isFinite(datum.value) ? format(pow(10, datum.value), '.3~g') : ''",
    ...describeLosses(finite, clipped ? top : undefined, unit),
    grey: values.length - finite.length,
    darkIsLow: true,
  };
}

export function accuracyRelief(rows: readonly (readonly number[])[]): Relief {
  const values = rows.flat();
  const finite = values.filter(Number.isFinite);
  const [low, high] = extent(finite);
  const summary =
    finite.length === 0 ? 'no finite accuracy' : `from ${readable(low)} to ${readable(high)}`;
  return {
    values,
    heights: values.map((value) => (Number.isFinite(value) ? value : 0)),
    thresholds: finite.length === 0 ? [] : accuracyLevels(low, high),
    label: "isFinite(datum.value) ? format(datum.value, '.2~f') : ''",
    note: summary,
    summary,
    grey: values.length - finite.length,
    darkIsLow: false,
  };
}

function describeLosses(finite: readonly number[], clip: number | undefined, unit: string) {
  if (finite.length === 0) return { note: 'no finite loss', summary: 'no finite loss' };
  const [low, high] = extent(finite).map(readable) as [string, string];
  const summary = `from ${low} to ${high}${unit}`;
  if (low === high) return { note: `${low}${unit} everywhere`, summary };
  const note =
    clip === undefined
      ? `log-spaced levels; largest loss ${high}, nothing clipped`
      : `log-spaced levels; one colour above ${readable(clip)} (the clip; largest ${high})`;
  return { note, summary };
}
