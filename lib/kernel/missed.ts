/** How long, in milliseconds, a cell must have run for its page to have been closed meanwhile. */
const LONG_MS = 10_000;

/** What front ends may have missed: a page that was closed gets none of what came meanwhile. */
export interface Missed {
  /** Takes note of a cell that has ended, by its number, and of the session that asked for it. */
  ran(session: string, line: number, ms: number): void;
  /**
   * What to tell a session with its first cell: that a long one was run for another, whose page
   * this may be, opened anew.
   */
  told(session: string): string | undefined;
}

/** @param showAgain what a cell calls with the number of another to have its output */
export function newMissed(showAgain: string): Missed {
  const sessions = new Set<string>();
  let last: number | undefined;
  return {
    ran(session, line, ms) {
      sessions.add(session);
      if (ms >= LONG_MS) last = line;
    },
    told(session) {
      if (sessions.has(session)) return undefined;
      sessions.add(session);
      if (last === undefined) return undefined;
      return `In [${last}] was run from another page. If its output is missing here: ${showAgain}(${last})`;
    },
  };
}
