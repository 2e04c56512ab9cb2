import ts from 'typescript';
import type { Complaint } from '../messages';

/**
 * What is written as in another kernel or language, and what to write instead: IPython's `?name`,
 * `%magic` and `!command`, and JSX. Nothing where the cell is wrong in another way.
 *
 * @param complaints what TypeScript says against the cell
 */
export function foreign(source: string, complaints: readonly Complaint[]): Complaint | undefined {
  const lines = linesOf(source);
  const told = (line: Line, message: string): Complaint => {
    const start = line.start + line.text.search(/\S/);
    return { message, start, end: line.start + line.text.trimEnd().length };
  };
  const isWrong = ({ start, text }: Line) =>
    complaints.some((one) => !one.file && one.start >= start && one.start <= start + text.length);
  if (complaints.some(isSyntax)) {
    // Elsewhere such a line can be a part of `a ? b : c`.
    const asked = [lines[0], lines.at(-1)].find((line) => line && QUESTION.test(line.text));
    if (asked) {
      const name = asked.text.replaceAll(/[\s?]/g, '');
      return told(
        asked,
        `'${asked.text.trim()}' is IPython's: for the documentation of ${name}, put the cursor on it and press Shift+Tab`,
      );
    }
    const element = jsxIn(source);
    if (element) {
      return {
        message:
          "a cell has no JSX: write HTML as text and show it with display.html('…'), where import { display } from 'tslab'",
        start: element.getStart(),
        end: element.end,
      };
    }
  }
  for (const line of lines.filter(isWrong)) {
    const [, magic] = MAGIC.exec(line.text) ?? [];
    if (magic !== undefined) {
      const instead = INSTEAD.find(([names]) => names.test(magic))?.[1] ?? 'write it in TypeScript';
      return told(line, `'${line.text.trim()}' is a magic of IPython's: ${instead}`);
    }
    const [, command] = COMMAND.exec(line.text) ?? [];
    if (command !== undefined && !complaints.some(({ code }) => code === MISSPELT)) {
      return told(
        line,
        `'${line.text.trim()}' is IPython's: import { execSync } from 'node:child_process' and write console.log(execSync(${JSON.stringify(command.trim())}).toString())`,
      );
    }
  }
  return undefined;
}

interface Line {
  readonly text: string;
  readonly start: number;
}

function linesOf(source: string): Line[] {
  let start = 0;
  return source
    .split('\n')
    .map((text) => {
      const line = { text, start };
      start += text.length + 1;
      return line;
    })
    .filter(({ text }) => text.trim() !== '');
}

const isSyntax = ({ code = 0, file }: Complaint) => code < 2000 && !file;

/** "Cannot find name 'flagg'. Did you mean 'flag'?" */
const MISSPELT = 2552;

/** `?name`, `??name`, `name?` and `name??`. */
const QUESTION = /^\s*(\?{1,2}[\w$.]+|[\w$.]+\?{1,2})\s*$/;
/** `%name …` and `%%name …`: prettier puts a space behind a sign of division. */
const MAGIC = /^\s*%{1,2}([A-Za-z]\w*)(\s|$)/;
/** `!name …`, without what goes on as an expression. */
const COMMAND = /^\s*!\s?([A-Za-z][\w.-]*(\s+(?!&&|\|\||[=!]=|[?:,)]|in\b|instanceof\b|as\b).*)?)$/;

const INSTEAD: readonly (readonly [names: RegExp, instead: string])[] = [
  [
    /^(time|timeit|prun)$/,
    "write console.time('name') before and console.timeEnd('name') behind it",
  ],
  [/^(bash|sh|script|system|sx)$/, "execSync of 'node:child_process' carries out a command"],
  [/^cd$/, 'write process.chdir(folder)'],
  [/^pwd$/, 'write process.cwd()'],
  [/^(env|set_env)$/, 'write process.env.NAME'],
  [/^(pip|conda|npm)$/, 'run npm install in a terminal, in the folder of the notebook'],
  [/^(who|whos)$/, 'a name is completed by Tab'],
  [/^(matplotlib|pylab)$/, 'pictures show themselves: leave the line out'],
  [
    /^(html|HTML|svg|SVG|markdown|latex|javascript|js)$/,
    "use display of 'tslab', like display.html('…')",
  ],
  [/^(autoreload|load_ext)$/, 'a file beside the notebook is loaded anew when it has changed'],
];

/** The first element of a cell that is whole as JSX. */
function jsxIn(source: string): ts.Node | undefined {
  const { diagnostics } = ts.transpileModule(source, {
    reportDiagnostics: true,
    fileName: 'cell.tsx',
    compilerOptions: { jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ESNext },
  });
  if (diagnostics?.length) return undefined;
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)
      ? node
      : ts.forEachChild(node, find);
  return find(ts.createSourceFile('cell.tsx', source, ts.ScriptTarget.ESNext, true));
}
