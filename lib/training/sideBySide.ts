import { availableParallelism } from 'node:os';
import { requireInteger } from '../errors';
import { belongsTo, readShare } from '../share';

/**
 * Carries out tasks that do not need one another, trainings for one, `atOnce` of them at a time,
 * by default as many as there are cores; the results in the tasks' order. When one fails, none is
 * begun after it, and its error comes once those that run have ended.
 *
 * Where `LAB_SHARE` is i/n, every n-th task from the i-th on comes first: so processes that keep
 * their results in one folder begin with different ones, and find each other's.
 *
 * @throws what the first task to fail throws; InputError when `atOnce` is no integer of at least 1
 * @example
 * ```ts
 * await sideBySide([1, 2, 3].map((n) => async () => n * n)); // → [ 1, 4, 9 ]
 * ```
 */
export async function sideBySide<T>(
  tasks: readonly (() => Promise<T>)[],
  { atOnce = availableParallelism() }: { atOnce?: number } = {},
): Promise<T[]> {
  requireInteger('sideBySide', 'atOnce', atOnce, 1);
  const results: T[] = [];
  const failures: unknown[] = [];
  const order = beginning(tasks.length);
  let next = 0;
  async function worker(): Promise<void> {
    while (next < tasks.length && failures.length === 0) {
      const i = order[next++]!;
      try {
        results[i] = await tasks[i]!();
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** In which order: the own share first, then the others' from the end, which they come to last. */
function beginning(count: number): number[] {
  const all = Array.from({ length: count }, (_, k) => k);
  const { LAB_SHARE: text = '' } = process.env;
  if (text === '') return all;
  const own = readShare('LAB_SHARE', text);
  const others = all.filter((k) => !belongsTo(own, k)).reverse();
  return [...all.filter((k) => belongsTo(own, k)), ...others];
}
