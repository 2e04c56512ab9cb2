/** One executed cell of the session. */
export interface Entry {
  readonly line: number;
  readonly code: string;
  /** The text of its result, if it had one. */
  output?: string;
}

/** What a history_request asks for; the fields that matter depend on `hist_access_type`. */
export interface HistoryRequest {
  readonly hist_access_type?: string | null;
  readonly output?: boolean | null;
  readonly session?: number | null;
  readonly start?: number | null;
  readonly stop?: number | null;
  readonly n?: number | null;
  readonly pattern?: string | null;
  readonly unique?: boolean | null;
}

/**
 * (session, line, input), or (session, line, (input, output)) where outputs are asked for: a text
 * always, as clients that check types want it.
 */
export type HistoryItem = [session: number, line: number, input: string | [string, string]];

/**
 * The entries of this session that a request asks for, oldest first: a `range` of lines
 * [start, stop), the `tail` of the last n, or a `search` by a glob pattern (`*`, `?`) over the
 * whole input, of which the last n, and with `unique` each input only where it came last.
 * Sessions before this one are not kept: any but 0, this one, is empty.
 */
export function historyItems(past: readonly Entry[], request: HistoryRequest): HistoryItem[] {
  const found = select(past, request);
  return found.map(({ line, code, output }) => [
    0,
    line,
    request.output ? [code, output ?? ''] : code,
  ]);
}

function select(past: readonly Entry[], request: HistoryRequest): readonly Entry[] {
  const { hist_access_type: type, n, session, start, stop, pattern } = request;
  if (type === 'range') {
    const [first, last] = [start ?? 0, stop ?? Number.POSITIVE_INFINITY];
    return (session ?? 0) === 0 ? past.filter(({ line }) => line >= first && line < last) : [];
  }
  const isWanted = globTest(pattern ?? '*');
  const matching = type === 'search' ? past.filter(({ code }) => isWanted(code)) : past;
  const kept = type === 'search' && request.unique ? lastOfEach(matching) : matching;
  return n === undefined || n === null ? kept : kept.slice(Math.max(0, kept.length - n));
}

function lastOfEach(entries: readonly Entry[]): Entry[] {
  const last = new Map(entries.map((entry) => [entry.code, entry]));
  return entries.filter((entry) => last.get(entry.code) === entry);
}

/**
 * Each part between two stars is looked for as early as it comes, so no text takes long; one regular
 * expression would try all ways to divide it among the stars.
 */
function globTest(glob: string): (text: string) => boolean {
  const [first, ...others] = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('?', '.')
    .split('*');
  const last = others.pop();
  const begins = new RegExp(`^${first}${last === undefined ? '$' : ''}`, 's');
  const middle = others.map((part) => new RegExp(part, 'gs'));
  const ends = new RegExp(`${last ?? ''}$`, 's');
  return (text) => {
    let at = begins.exec(text)?.[0].length;
    if (at === undefined) return false;
    for (const part of middle) {
      part.lastIndex = at;
      if (!part.test(text)) return false;
      at = part.lastIndex;
    }
    return ends.test(text.slice(at));
  };
}
