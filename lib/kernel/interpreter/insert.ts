/** A text to insert before the character at a position. */
export type Insert = readonly [position: number, text: string];

/** Inserts texts into `code`; of several at one position, a later one goes before an earlier. */
export function insertAll(code: string, inserts: readonly Insert[]): string {
  const pieces: string[] = [];
  let from = code.length;
  for (const [at, text] of [...inserts].sort(([a], [b]) => b - a)) {
    pieces.push(code.slice(at, from), text);
    from = at;
  }
  pieces.push(code.slice(0, from));
  return pieces.reverse().join('');
}
