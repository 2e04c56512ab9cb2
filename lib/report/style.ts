import { DARK_PLOT } from '../plots';
import { FORMULA_STYLE } from './markdown';

/** The report's looks: readable from a phone to a wide screen, light or dark as the reader has it. */
export const style = `
:root { color-scheme: light dark; --ink: #1d1d1f; --paper: #fff; --quiet: #6a6a70; --line: #d8d8de; --code: #f5f5f7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf0; --paper: #17171a; --quiet: #a0a0a8; --line: #3a3a42; --code: #222226; }
}
body { margin: 0 auto; padding: 1rem; max-width: 60rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { margin-top: 2.2rem; font-size: 1.3rem; }
article { border-top: 1px solid var(--line); margin-top: 2rem; }
a { color: inherit; }
code, pre { font: 0.85rem/1.45 ui-monospace, monospace; }
pre { background: var(--code); padding: 0.6rem 0.8rem; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.stderr, pre.error { border-left: 3px solid #c4572e; }
details { margin: 0.5rem 0; color: var(--quiet); } details[open] pre { color: var(--ink); }
summary { cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.table { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child, td:first-child, section th, section td { text-align: left; } th { font-weight: 600; }
header th { font-weight: 400; } nav { margin-top: 1rem; }
figure { margin: 1rem 0; padding: 0.6rem; overflow-x: auto; background: #fff; color: #1d1d1f; border-radius: 6px; }
figure img, figure svg.marks { max-width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { figure { ${DARK_PLOT} } }
@media (min-width: 1800px) { body { max-width: 100rem; } .plot > img, .plot div, figure svg.marks { display: block; width: 100%; } }
math { font-size: 1.05em; } math[display="block"] { margin: 0.8rem 0; overflow-x: auto; }
${FORMULA_STYLE}`;
