/** What XML has no place for, escaped or not: control characters but for tabs and ends of lines. */
const NONE_OF_XML = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

/**
 * Text that stands for itself in HTML and in SVG, between tags and in quoted attributes; what cannot
 * stand there is shown as \ufffd.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(NONE_OF_XML, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A number of seconds in words: 7 s, 1 min 05 s, 2 h 03 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Text for a terminal: what would move its cursor, colour or turn it is shown as \ufffd instead. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Bidi_Control}/gu, '\ufffd');
}
