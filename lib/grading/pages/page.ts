import { randomBytes } from 'node:crypto';
import { escapeHtml } from '../../text';

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; overflow-wrap: anywhere; }
a { color: #0b57a4; }
@media (prefers-color-scheme: dark) {
  body { color: #e8e8e8; background: #181818; }
  a { color: #8ec5ff; }
}
table { border-collapse: collapse; width: 100%; }
th { overflow-wrap: normal; }
td:first-child { min-width: 6rem; }
.note, .hint { font-size: .85rem; }
td, th { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top; }
.n { text-align: right; white-space: nowrap; }
pre { white-space: pre-wrap; border-left: 3px solid #8888; padding-left: 1rem; }
iframe { width: 100%; border: 1px solid #8884; background: #fff; resize: vertical; }
img { max-width: 100%; background: #fff; }
.bar { min-width: min(8rem, 8vw); height: .8rem; margin-top: .35rem; background: #8883; }
.bar div { height: 100%; background: #3b7cb8; }
fieldset { border: 1px solid #8886; margin: .5rem 0 1.5rem; }
textarea { width: 100%; box-sizing: border-box; font: inherit; }
.wrong { border-left: 4px solid #c62828; padding-left: .6rem; }
@media (max-width: 40rem) {
  table { font-size: .8rem; }
  td, th { padding: .3rem .2rem; }
}`;

/**
 * A page that opens with no network and runs no script, whatever of a student's is in it, but for one
 * of ours, by a name that nobody can know. Its address is told to no other site; to its own it is, or a
 * browser would leave out from where a form comes.
 *
 * @param title text, not HTML
 */
export function page(title: string, body: string, script?: string): string {
  const nonce = randomBytes(16).toString('hex');
  const own = script === undefined ? '' : ` script-src 'nonce-${nonce}'; connect-src 'self';`;
  const policy = `default-src 'none';${own} img-src data:; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'`;
  const run = script === undefined ? '' : `<script nonce="${nonce}">${script}</script>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width"><meta name="referrer" content="same-origin">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>${STYLE}</style></head><body>
${body}
${run}</body></html>
`;
}

/** A student's name, which turns no text after it, whatever characters it has. */
export const nameHtml = (student: string) => `<bdi>${escapeHtml(student)}</bdi>`;
