import { display } from '../notebook/display';
import { type Check, holding, shown } from './check';

/**
 * Shows a check below its cell, and returns what it earns: the points times the share of findings
 * that hold, to hundredths. nbgrader takes the number, as the cell's last value, for the score.
 *
 *     await award(0.5, checkInterpolation(interpolateBetweenStateDicts))
 *
 * @param points what the check is worth when everything holds
 * @param check what `checkInterpolation` and its like give, awaited or not
 * @example
 * ```ts
 * await award(0.5, checkInterpolation(interpolateBetweenStateDicts)); // → 0.5
 * ```
 */
export async function award(points: number, check: Check | Promise<Check>): Promise<number> {
  const found = await check;
  const earned = pointsFor(points, found);
  const told = `Task ${found.task}: ${earned} of ${points} ${points === 1 ? 'point' : 'points'}`;
  await display(shown(found, told));
  return earned;
}

/** The points times the share of findings that hold, to hundredths; none where there is none. */
export function pointsFor(points: number, { findings }: Pick<Check, 'findings'>): number {
  return pointsOf(points, holding(findings), findings.length);
}

/** The same, of how many hold of how many. */
export function pointsOf(points: number, holding: number, findings: number): number {
  return findings === 0 ? 0 : Math.round((100 * points * holding) / findings) / 100;
}
