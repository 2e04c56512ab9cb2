import { stripVTControlCharacters } from 'node:util';
import {
  type Cell,
  cellText,
  joinStreams,
  type Notebook,
  type Output,
  type Text,
  wholeText,
} from '../ipynb';
import { escapeHtml } from '../text';
import { renderMarkdown } from './markdown';

type Data = NonNullable<Output['data']>;

const LIVE = /^application\/vnd\.vega(lite)?\.v\d+\+json$/;

/** A notebook as HTML: text, code folded away, and every output in the richest static form. */
export function renderNotebook({ cells }: Pick<Notebook, 'cells'>): string {
  return cells.map(renderCell).join('\n');
}

function renderCell(cell: Cell): string {
  const source = cellText(cell);
  if (cell.cell_type === 'markdown') return `<section>${renderMarkdown(source)}</section>`;
  if (cell.cell_type !== 'code') return '';
  const summary = escapeHtml(source.trim().split('\n')[0] ?? '');
  const code =
    `<details><summary><code>${summary}</code></summary>` +
    `<pre><code>${escapeHtml(source)}</code></pre></details>`;
  return `${code}${joinStreams(cell.outputs ?? [])
    .map(renderOutput)
    .join('\n')}`;
}

function renderOutput(output: Output): string {
  if (output.output_type === 'stream') return preformatted(wholeText(output.text), output.name);
  if (output.output_type === 'error') {
    return preformatted((output.traceback ?? []).join('\n'), 'error');
  }
  const data = output.data ?? {};
  const alternative = escapeHtml(textIn(data, 'text/plain'));
  const still = stillPicture(data, alternative);
  const live = Object.keys(data).find((mime) => LIVE.test(mime));
  if (live !== undefined) {
    const spec = JSON.stringify(data[live]).replaceAll('<', '\\u003c');
    return (
      `<figure aria-label="${alternative}"><div class="plot">${still}</div>` +
      `<script type="application/json" class="spec">${spec}</script></figure>`
    );
  }
  if (still !== '') return `<figure>${still}</figure>`;
  if (data['text/html'] !== undefined) {
    return `<div class="table" tabindex="0">${textIn(data, 'text/html')}</div>`;
  }
  return preformatted(textIn(data, 'text/plain'));
}

function stillPicture(data: Data, alternative: string): string {
  if (data['image/svg+xml'] !== undefined) {
    const bytes = Buffer.from(textIn(data, 'image/svg+xml')).toString('base64');
    return `<img alt="${alternative}" src="data:image/svg+xml;base64,${bytes}">`;
  }
  if (data['image/png'] === undefined) return '';
  const bytes = textIn(data, 'image/png').trim();
  return `<img alt="${alternative}" src="data:image/png;base64,${bytes}">`;
}

function textIn(data: Data, mime: string): string {
  return wholeText(data[mime] as Text | undefined);
}

/** Text as it was printed, without the terminal's colours. */
function preformatted(text: string, kind = 'stdout'): string {
  return `<pre class="${escapeHtml(kind)}">${escapeHtml(stripVTControlCharacters(text))}</pre>`;
}
