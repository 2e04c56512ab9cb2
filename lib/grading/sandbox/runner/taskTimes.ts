/** What a cell has at least, when those before it have used up its task's time. */
export const LEAST_SECONDS = 5;

/** The time of each task, which its cells share. */
export interface TaskTimes {
  /** What a task has left, in seconds. */
  left(task: string): number;
  /** Carries something out in what its task has left, and takes its time off. */
  spend<T>(task: string, carryOut: (seconds: number) => Promise<T>): Promise<T>;
}

/** @param each what a task has in all, in seconds */
export function taskTimes(each: number): TaskTimes {
  const used = new Map<string, number>();
  const left = (task: string) => each - (used.get(task) ?? 0);
  return {
    left,
    async spend(task, carryOut) {
      const begun = performance.now();
      const result = await carryOut(Math.max(LEAST_SECONDS, left(task)));
      used.set(task, (used.get(task) ?? 0) + (performance.now() - begun) / 1000);
      return result;
    },
  };
}
