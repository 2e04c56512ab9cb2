import type { Notebooks } from './notebook';

/** What people write who come from IPython or React, and programs that look like it. */
export const foreign: Notebooks = {
  'what a browser has': [
    [
      'document.title',
      "CompileError: Cannot find name 'document'. It is a browser's: cells run in Node, which has no page.",
    ],
  ],
  "IPython's questions": [
    [
      '?Array',
      "CompileError: '?Array' is IPython's: for the documentation of Array, put the cursor on it and press Shift+Tab",
    ],
    [
      'Math.max??',
      "CompileError: 'Math.max??' is IPython's: for the documentation of Math.max, put the cursor on it and press Shift+Tab",
    ],
    ['const x31 = 1\nx31?', /^CompileError: 'x31\?' is IPython's: /],
    ['const x31 = true\n  ? 1\n  : 2\nx31', '1'],
    ['x31 ?', /^CompileError: Expression expected\./],
  ],
  "IPython's magics": [
    [
      '%time',
      "CompileError: '%time' is a magic of IPython's: write console.time('name') before and console.timeEnd('name') behind it",
    ],
    [
      '%%bash\nls',
      "CompileError: '%%bash' is a magic of IPython's: execSync of 'node:child_process' carries out a command",
    ],
    [
      'const x32 = 7\n%matplotlib inline',
      "CompileError: '%matplotlib inline' is a magic of IPython's: pictures show themselves: leave the line out",
    ],
    [
      'const x32 = 7\n%unheardof',
      "CompileError: '%unheardof' is a magic of IPython's: write it in TypeScript",
    ],
    ['const m32 = 4, r32 = 7\n% m32; r32', '3'],
    ['const r32 = 7\n%m32; r32', '3'],
    ['r32 % (m32', "CompileError: ')' expected."],
  ],
  "IPython's commands": [
    [
      '!ls -la',
      `CompileError: '!ls -la' is IPython's: import { execSync } from 'node:child_process' and write console.log(execSync("ls -la").toString())`,
    ],
    ['!ls', /^CompileError: '!ls' is IPython's: /],
    ['!pip install "numpy"', /execSync\("pip install \\"numpy\\""\)/],
    ['const flag33 = true; let n33 = 0; !flag33 && n33++', 'false'],
    ['!flag33', 'false'],
    ['!flagg33', "CompileError: Cannot find name 'flagg33'. Did you mean 'flag33'?"],
    ['!flag33 && zzzz33()', "CompileError: Cannot find name 'zzzz33'."],
  ],
  JSX: [
    [
      'const d34 = <div>hi</div>',
      "CompileError: a cell has no JSX: write HTML as text and show it with display.html('…'), where import { display } from 'tslab'",
    ],
    ['<b className="x">{n33}</b>', /^CompileError: a cell has no JSX: /],
    ['(<><br /></>)', /^CompileError: a cell has no JSX: /],
    ['<number>(n33 as any)', '0'],
    ['const same34 = <T,>(x: T) => x; same34<number>(2)', '2'],
    ['n33 < 1 && 1 > n33', 'true'],
    ['<number>(n33', "CompileError: ')' expected."],
  ],
};
