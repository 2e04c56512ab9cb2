import { InputError } from '../errors';
import { runningKernel } from './runningKernel';

/**
 * Shows again what a cell has shown, for a page that was closed while it ran: that of the number
 * given, else the last. The outputs of the last twenty cells are kept.
 *
 * @param line the number that stands before the cell
 * @throws InputError where the kernel keeps none, or none of that cell
 * @example
 * ```ts
 * // in a notebook
 * showAgain(3);
 * ```
 */
export function showAgain(line?: number): void {
  const kernel = runningKernel();
  const again = kernel?.showAgain;
  if (!again) throw new InputError('showAgain: nothing is kept here: open it with npm start');
  const kept = again(line);
  if (kept.shown) return;
  const there = kept.lines.length > 0 ? `of ${kept.lines.join(', ')}` : 'of no cell';
  throw new InputError(
    `showAgain: no output of ${line === undefined ? 'a cell before' : `cell ${line}`} is kept, ${there} it is`,
  );
}
