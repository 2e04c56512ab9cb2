import { stripVTControlCharacters } from 'node:util';
import { escapeHtml } from '../text';
import { renderMarkdown } from './markdown';

/** What the report reads of a notebook of format 4; source and text may be lists of lines. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly id?: string;
  readonly cell_type: string;
  readonly source: Text;
  readonly outputs?: readonly Output[];
}

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: Text;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly traceback?: readonly string[];
}

type Text = string | readonly string[];

const LIVE = /^application\/vnd\.vega(lite)?\.v\d+\+json$/;

/** A notebook as HTML: text, code folded away, and every output in the richest static form. */
export function renderNotebook({ cells }: Notebook): string {
  return cells.map(renderCell).join('\n');
}

function renderCell(cell: Cell): string {
  const source = join(cell.source);
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

/** A kernel may send what was printed line by line; to the reader it is one text. */
function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === 'stream' && last?.name === output.name && last?.text !== undefined) {
      const text = join(last.text) + join(output.text ?? '');
      joined[joined.length - 1] = { ...last, text };
    } else {
      joined.push(output);
    }
  }
  return joined;
}

function renderOutput(output: Output): string {
  if (output.output_type === 'stream') return preformatted(join(output.text ?? ''), output.name);
  if (output.output_type === 'error') {
    return preformatted((output.traceback ?? []).join('\n'), 'error');
  }
  const data = output.data ?? {};
  const alternative = escapeHtml(join((data['text/plain'] ?? '') as Text));
  const still = stillPicture(data, alternative);
  const live = Object.keys(data).find((mime) => LIVE.test(mime));
  if (live !== undefined) {
    const spec = JSON.stringify(data[live]).replaceAll('<', '\\u003c');
    return (
      `<figure role="img" aria-label="${alternative}"><div class="plot">${still}</div>` +
      `<script type="application/json" class="spec">${spec}</script></figure>`
    );
  }
  if (still !== '') return `<figure>${still}</figure>`;
  if (data['text/html'] !== undefined) {
    return `<div class="table">${join(data['text/html'] as Text)}</div>`;
  }
  return preformatted(join((data['text/plain'] ?? '') as Text));
}

function stillPicture(data: Readonly<Record<string, unknown>>, alternative: string): string {
  const svg = data['image/svg+xml'];
  if (svg !== undefined) {
    const bytes = Buffer.from(join(svg as Text)).toString('base64');
    return `<img alt="${alternative}" src="data:image/svg+xml;base64,${bytes}">`;
  }
  const png = data['image/png'];
  if (png === undefined) return '';
  return `<img alt="${alternative}" src="data:image/png;base64,${join(png as Text).trim()}">`;
}

/** Text as it was printed, without the terminal's colours. */
function preformatted(text: string, kind = 'stdout'): string {
  return `<pre class="${escapeHtml(kind)}">${escapeHtml(stripVTControlCharacters(text))}</pre>`;
}

function join(text: Text): string {
  return typeof text === 'string' ? text : text.join('');
}
