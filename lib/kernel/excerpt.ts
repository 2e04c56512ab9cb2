/** Lines shown before the one meant. */
const LINES_BEFORE = 2;

export const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
export const green = (text: string) => `\x1b[32m${text}\x1b[39m`;
export const dim = (text: string) => `\x1b[2m${text}\x1b[22m`;

/** The line meant, with an arrow, and those before it. */
export function excerptOf(source: string, at: number, underline = ''): string {
  const all = source.split('\n');
  const width = String(at).length;
  const shown = all.slice(Math.max(0, at - 1 - LINES_BEFORE), at).map((text, i, { length }) => {
    const line = at - length + 1 + i;
    const number = String(line).padStart(width);
    return line === at ? `${red('❱')} ${number} │ ${text}` : dim(`  ${number} │ ${text}`);
  });
  return [...shown, ...(underline === '' ? [] : [`${' '.repeat(width + 5)}${underline}`])].join(
    '\n',
  );
}
