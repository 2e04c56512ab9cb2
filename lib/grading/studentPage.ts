import { escapeHtml } from '../report/escapeHtml';
import type { Verdict } from './gradeNotebooks';
import type { Grade } from './gradeSubmission';

/** How the pages look, in light and dark. */
export const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
@media (prefers-color-scheme: dark) { body { color: #e8e8e8; background: #181818; } }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.n { text-align: right; white-space: nowrap; }
pre { white-space: pre-wrap; border-left: 3px solid #8888; padding-left: 1rem; }
iframe { width: 100%; border: 0; background: #fff; }
img { max-width: 100%; background: #fff; }
meter { width: 100%; min-width: 8rem; }`;

const FRAME_STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; }
table { border-collapse: collapse; }
td, th { padding: .2rem .6rem; border-bottom: 1px solid #ddd; }`;

const SIGNS = { holds: '✓', fails: '✗', 'not answered': '…' } as const;

/**
 * One student's page: each criterion with its reasons, the answers in words, and the pictures that
 * the notebooks showed. It opens with no network, and nothing of the student's runs in it.
 */
export function studentPage(grade: Grade): string {
  const { student, earned, most, verdicts, written, notebooks } = grade;
  const rows = verdicts.map(criterionRow).join('\n');
  const words = written
    .map(
      ({ task, points, text }) =>
        `<h3>Task ${escapeHtml(task)}, in words (${points} by reading)</h3><pre>${escapeHtml(text || 'nothing')}</pre>`,
    )
    .join('\n');
  const shown = notebooks.map(notebookSection).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(student)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-src 'self'">
<style>${STYLE}</style></head><body>
<h1>${escapeHtml(student)}: ${earned} of ${most} automatic points</h1>
<table><thead><tr><th>criterion</th><th>points</th><th>what holds, and what does not</th></tr></thead>
<tbody>${rows}</tbody></table>
<h2>Answers in words</h2>
${words}
${shown}
</body></html>
`;
}

function criterionRow({ id, task, earned, points, reason, findings }: Verdict): string {
  const lines = findings.map(
    ({ what, verdict, hint }) =>
      `<div>${SIGNS[verdict]} ${escapeHtml(what)}${hint ? `: ${escapeHtml(hint)}` : ''}</div>`,
  );
  const why = reason === undefined ? '' : `<div>not judged: ${escapeHtml(reason)}</div>`;
  const name = id.replace(/^task-\d-\d-|-?check$/g, '');
  return `<tr><td>${escapeHtml(task)} ${escapeHtml(name)}</td><td class="n">${earned} of ${points}</td><td>${why}${lines.join('')}</td></tr>`;
}

function notebookSection({
  file,
  errors,
  outputs,
  stopped,
  unreadable,
}: Grade['notebooks'][number]): string {
  const notes = [unreadable, stopped && `it was stopped: ${stopped}`]
    .filter((note) => note !== undefined && note !== '')
    .map((note) => `<p>${escapeHtml(String(note))}</p>`);
  const failed = Object.entries(errors).map(
    ([id, error]) => `<li>${escapeHtml(id)}: ${escapeHtml(error)}</li>`,
  );
  const list = failed.length > 0 ? `<p>Cells that failed:</p><ul>${failed.join('')}</ul>` : '';
  const pictures = Object.entries(outputs).map(
    ([id, shown]) => `<h4>${escapeHtml(id)}</h4>${shown.map(picture).join('\n')}`,
  );
  return `<h2>${escapeHtml(file)}</h2>${notes.join('')}${list}${pictures.join('\n')}`;
}

/** An image runs no scripts; a frame that may do nothing runs none either. */
function picture(html: string): string {
  if (html.startsWith('<svg')) {
    const data = Buffer.from(html).toString('base64');
    return `<img alt="a plot of this cell" src="data:image/svg+xml;base64,${data}">`;
  }
  const page = `<style>${FRAME_STYLE}</style>${html}`;
  return `<iframe sandbox="" title="a table of this cell" srcdoc="${escapeHtml(page)}"></iframe>`;
}
