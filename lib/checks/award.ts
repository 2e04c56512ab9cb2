import { display } from '../notebook/display';
import { type Check, shown } from './check';

/**
 * Shows a check below its cell, and returns what it earns: the points times the share of findings
 * that hold, to hundredths. nbgrader takes the number, as the cell's last value, for the score.
 *
 *     await award(0.5, checkInterpolation(interpolateBetweenStateDicts))
 */
export async function award(points: number, check: Check | Promise<Check>): Promise<number> {
  const { task, findings } = await check;
  const holding = findings.filter(({ verdict }) => verdict === 'holds').length;
  const earned = Math.round((100 * points * holding) / findings.length) / 100;
  const told = `Task ${task}: ${earned} of ${points} ${points === 1 ? 'point' : 'points'}`;
  await display(shown({ task, findings }, told));
  return earned;
}
