import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from '../files';
import { readNotebook } from '../ipynb';
import { projectRoot } from '../root';
import { escapeHtml } from '../text';
import { headline } from './headline';
import { renderNotebook } from './notebook';
import { type Stage, stagesTable } from './stages';
import { style } from './style';

/**
 * Writes a run's report: one HTML file with the notebooks' text, tables and plots and the main
 * figures on top. It opens with no network: the scripts that make the plots live are inside it,
 * and where scripts do not run each plot is its still picture.
 */
export function writeReport(
  path: string,
  summary: Readonly<Record<string, unknown>>,
  notebooks: readonly string[],
): void {
  const parts = notebooks.map((file) => ({
    id: basename(file, '.ipynb'),
    html: renderNotebook(readNotebook(file)),
  }));
  const contents = parts.map(({ id }) => `<a href="#${id}">${escapeHtml(id)}</a>`).join(' · ');
  const articles = parts.map(({ id, html }) => `<article id="${id}">${html}</article>`).join('\n');
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paths between minima of neural nets: report</title>
<style>${style}</style>
</head>
<body>
<header><h1>Paths between minima: a run of the lab</h1>${headline(summary)}${stagesTable(stagesOf(summary))}<nav>${contents}</nav></header>
<main>
${articles}
</main>
${scripts()}
</body>
</html>
`;
  writeAtomically(path, page);
}

function stagesOf({ timings }: Readonly<Record<string, unknown>>): readonly Stage[] {
  return (timings as { readonly stages?: readonly Stage[] } | undefined)?.stages ?? [];
}

/** Vega, Vega-Lite and vega-embed as they come from npm, and the lines that start them. */
function scripts(): string {
  // The packages export their modules only; the bundles for browsers lie beside those.
  const { resolve } = createRequire(__filename);
  const bundles = ['vega', 'vega-lite', 'vega-embed'].map((name) =>
    join(dirname(resolve(name)), `${name}.min.js`),
  );
  return [...bundles, LIVE_PLOTS]
    .map((file) => readFileSync(file, 'utf8').replaceAll('</script', '<\\/script'))
    .map((script) => `<script>${script}</script>`)
    .join('\n');
}

const LIVE_PLOTS = join(projectRoot, 'lib', 'report', 'livePlots.js');
