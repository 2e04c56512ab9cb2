/** Characters kept of the beginning of a cell's stream, and of its end. */
const HEAD = 500_000;
const TAIL = 50_000;

/** A stream of text of which only the beginning and the end are passed on. */
export interface Limited {
  write(text: string): void;
  /** Passes on the end that was held back, after a notice of what was left out; begins anew. */
  end(): void;
}

/**
 * Passes text on as it comes, up to a limit; of what follows, only the end is kept. A cell that
 * prints a million lines then fills neither the memory nor the notebook, and its last line, which
 * mostly says what came of it, is still there.
 */
export function limited(pass: (text: string) => void, head = HEAD, tail = TAIL): Limited {
  let passed = 0;
  let dropped = 0;
  let held: string[] = [];
  let heldLength = 0;
  return {
    write(text) {
      const now = text.slice(0, Math.max(0, head - passed));
      passed += now.length;
      if (now !== '') pass(now);
      if (now.length === text.length) return;
      const rest = text.slice(now.length);
      held.push(rest);
      heldLength += rest.length;
      if (heldLength < 4 * tail) return;
      const kept = held.join('').slice(-tail);
      // A cell may print for an hour more, and what it left running has no end.
      if (dropped === 0)
        pass('\n[… too much to show: what follows is left out, but for its end …]\n');
      dropped += heldLength - kept.length;
      held = [kept];
      heldLength = kept.length;
    },
    end() {
      const end = held.join('').slice(-tail);
      dropped += heldLength - end.length;
      if (dropped > 0) pass(`\n[… ${dropped} characters left out here …]\n`);
      if (end !== '') pass(end);
      passed = 0;
      dropped = 0;
      held = [];
      heldLength = 0;
    },
  };
}
