import { Marked, type TokenizerAndRendererExtension } from 'marked';
import temml from 'temml';

/** Markdown with LaTeX between dollars, as Jupyter has it, to HTML with MathML: no script needed. */
export function renderMarkdown(source: string): string {
  return marked.parse(source, { async: false });
}

/** A formula between `$$` stands on its own; one between `$` runs in the text. */
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
  renderer: (token) =>
    temml.renderToString(token.text, { displayMode: token.display, throwOnError: true }),
};

const marked = new Marked({ extensions: [formula] });
