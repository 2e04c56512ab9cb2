import { display } from '../notebook/display';
import { labOfNotebook } from '../notebook/labOfNotebook';
import { type Check, shown } from './check';
import { keepVerdict } from './verdicts';

/**
 * Shows a check below its cell, and returns what it earns: the points times the share of findings
 * that hold, to hundredths. nbgrader takes the number, as the cell's last value, for the score. In a
 * notebook that has opened the lab it keeps what was found, for `standing`.
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
  const { task } = found;
  const earned = pointsFor(points, found);
  const lab = labOfNotebook();
  if (lab) keepVerdict(lab.folder, points, earned, found);
  const told = `Task ${task}: ${earned} of ${points} ${points === 1 ? 'point' : 'points'}`;
  await display(shown(found, told));
  return earned;
}

/** The points times the share of findings that hold, to hundredths; none where there is none. */
export function pointsFor(points: number, { findings }: Pick<Check, 'findings'>): number {
  const holding = findings.filter(({ verdict }) => verdict === 'holds').length;
  return findings.length === 0 ? 0 : Math.round((100 * points * holding) / findings.length) / 100;
}
