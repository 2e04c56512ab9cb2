import { Marked, type TokenizerAndRendererExtension } from 'marked';
import temml from 'temml';
import { escapeHtml } from '../text';

/**
 * For pages that hold formulas. Braces and roots grow with what they hold only in fonts made for
 * mathematics, of which a browser finds but one by itself: these are those of Windows, macOS, TeX
 * and Debian.
 */
export const FORMULA_STYLE = `
math { font-family: 'Cambria Math', 'STIX Two Math', 'Latin Modern Math', 'Noto Sans Math',
  'DejaVu Math TeX Gyre', math; }
.tml-left { text-align: left; }
.tml-right { text-align: right; }
`;

/** Markdown with LaTeX between dollars, as Jupyter has it, to HTML with MathML: no script needed. */
export function renderMarkdown(source: string): string {
  // A column without a name has no header, which a screen reader would announce as empty.
  return marked.parse(source, { async: false }).replaceAll(/<th( [^>]*)?><\/th>/g, '<td></td>');
}

/**
 * A formula between `$$` stands on its own; one between `$` runs in the text. What is none, whatever
 * Temml throws at it, stands as it was typed.
 */
const formula: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const match =
      /^\$\$([\s\S]+?)\$\$/.exec(source) ?? /^\$([^\s$](?:[^$\n]*[^\s$])?)\$/.exec(source);
    if (match === null) return undefined;
    return { type: 'formula', raw: match[0], text: match[1], display: match[0].startsWith('$$') };
  },
  renderer({ raw, text, display }) {
    try {
      return temml.renderToString(text, { displayMode: display, throwOnError: true });
    } catch {
      return `<code class="no-formula">${escapeHtml(raw)}</code>`;
    }
  },
};

const marked = new Marked({ extensions: [formula] });
