import { InputError } from '../errors';
import { display } from '../notebook/display';
import { labOfNotebook } from '../notebook/labOfNotebook';
import { HINTS } from './hints';
import { type KeptVerdict, keptVerdicts } from './verdicts';

/** How often each check was asked about, in this notebook; nobody else is told. */
const asked = new Map<string, number>();

/**
 * Shows a hint for the first check of a task that does not hold yet: on asking where to look, on asking
 * again which formula is at work, never the answer. What does not hold stands under the check itself.
 * How many were taken is kept nowhere.
 *
 *     await hint('1.2')
 *
 * @param task the task's name, such as `1.2`, in Part 4 `4.1a`
 * @throws InputError when there is no such task, which lists those there are
 * @example
 * ```ts
 * await hint('2.3'); // where to look
 * await hint('2.3'); // which formula
 * ```
 */
export async function hint(task: string): Promise<void> {
  const checks = Object.hasOwn(HINTS, task) ? HINTS[task]! : undefined;
  if (checks === undefined) {
    const known = Object.keys(HINTS).join(', ');
    throw new InputError(`hint: expected a task, one of ${known}, got ${task}`);
  }
  const lab = labOfNotebook();
  const kept = lab ? keptVerdicts(lab.folder).filter((one) => one.task === task) : [];
  const name = Object.keys(checks).find((check) => !holds(kept, check));
  if (name === undefined)
    return await display(`Task ${task}: every check holds, nothing to hint at.`);
  const before = asked.get(`${task} ${name}`) ?? 0;
  asked.set(`${task} ${name}`, before + 1);
  const { where, formula } = checks[name]!;
  const seen = kept.some((one) => one.name === name);
  const told = [
    `Where to look: ${where}`,
    `The formula: ${formula}`,
    'That is all there is: the rest is for you, or for a question to your teacher.',
  ];
  const run = seen ? '' : ' Its check has not been run yet: it says what does not hold.';
  await display(`Task ${task}, ${name}.${run}\n${told[Math.min(before, told.length - 1)]}`);
}

function holds(kept: readonly KeptVerdict[], name: string): boolean {
  return kept.some((one) => one.name === name && one.holding === one.findings);
}
