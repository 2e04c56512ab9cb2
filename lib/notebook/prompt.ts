import { InputError } from '../errors';
import { runningKernel } from './runningKernel';

/**
 * Asks the user of the notebook for a line of text.
 *
 *     const width = Number(await prompt('How many hidden neurons? '));
 *
 * @param question what stands before the place for the answer
 * @param options.password hides what is typed
 * @throws InputError when nobody can answer: outside a notebook, or in one that is run without a user
 * @example
 * ```ts
 * // in a notebook
 * const width = Number(await prompt('How many hidden neurons? '));
 * ```
 */
export async function prompt(
  question: string,
  options: { readonly password?: boolean } = {},
): Promise<string> {
  const kernel = runningKernel();
  if (!kernel)
    throw new InputError(
      `nobody can answer "${question}" here: this is no notebook; open one with npm start`,
    );
  return await kernel.ask(question, options.password ?? false);
}

/**
 * Empties the cell's output; with `wait` only when there is something new to show.
 *
 * @example
 * ```ts
 * // in a notebook
 * clearOutput({ wait: true });
 * ```
 */
export function clearOutput({ wait = false }: { readonly wait?: boolean } = {}): void {
  runningKernel()?.clearOutput(wait);
}
