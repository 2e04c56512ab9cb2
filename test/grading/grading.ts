import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import type { Carried } from '../../lib/grading/gradeNotebooks';
import { hasBubblewrap } from '../../lib/grading/isolation';
import { projectRoot } from '../../lib/root';
import { sideBySide } from '../../lib/training';
import { type Notebook, readNotebook, studentCopy } from '../../lib/workbook';
import { type Change, carryOut, earned, full, submission, withCell } from './submit';

/**
 * Submissions under the grader: right, wrong in one place, and hostile. Needs bubblewrap.
 *
 *     npm run test:grading
 */

/** The criteria that a part's functions can earn without any training. */
const OF_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  '1': ['task-1-2-interpolate-check', 'task-1-2-lines-check'],
  '2': ['task-2-1-check', 'task-2-2-gradient-check', 'task-2-3-check', 'task-2-4-check'],
  '3.1': ['task-3-1-networks-check', 'task-3-1-measure-check'],
};

interface Variant {
  readonly name: string;
  readonly part: string;
  readonly changes: readonly Change[];
  /** The criterion that it loses; none when it is right. */
  readonly loses?: string;
  readonly says?: RegExp;
}

const wrong: readonly Variant[] = [
  {
    name: 't and 1 − t exchanged',
    part: '1',
    changes: [
      ['task-1-2-interpolate', '.mul(t)', '.mul(T)'],
      ['task-1-2-interpolate', '.mul(1 - t)', '.mul(t)'],
      ['task-1-2-interpolate', '.mul(T)', '.mul(1 - t)'],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /which end belongs to t = 0/,
  },
  {
    name: 'a line that stops at its ends',
    part: '1',
    changes: [['task-1-2-interpolate', '.mul(t)', '.mul(Math.max(0, Math.min(1, t)))']],
    loses: 'task-1-2-interpolate-check',
    says: /t = 1\.5/,
  },
  {
    name: 'a state dict of NaN',
    part: '1',
    changes: [['task-1-2-interpolate', '.mul(t)', '.mul(NaN)']],
    loses: 'task-1-2-interpolate-check',
  },
  {
    name: 'minimum and init exchanged',
    part: '1',
    changes: [
      [
        'task-1-2-modes',
        'linear_combination_of_minimum_and_init: [m1, i1]',
        'linear_combination_of_minimum_and_init: [i1, m1]',
      ],
    ],
    loses: 'task-1-2-lines-check',
    says: /t = 1 is initialisation 1 and t = 0 is minimum 1/,
  },
  {
    name: 'a mode left out',
    part: '1',
    changes: [['task-1-2-modes', 'linear_combination_of_two_randoms: [i1, i2],', '']],
    loses: 'task-1-2-lines-check',
    says: /there is no mode 'linear_combination_of_two_randoms'/,
  },
  {
    name: 'train and test exchanged',
    part: '1',
    changes: [['task-1-2-evaluate', 'datasets', '{ train: datasets.test, test: datasets.train }']],
    loses: 'task-1-2-lines-check',
    says: /these are the test losses/,
  },
  {
    name: 'accuracy for loss',
    part: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        'const f = await evaluatePath(network, line(a, b), ts, datasets);\n  return { ...f, trainLoss: f.trainAcc, testLoss: f.testAcc };',
      ],
    ],
    loses: 'task-1-2-lines-check',
    says: /these are the train accuracies/,
  },
  {
    name: 'constant figures',
    part: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        'const zeros = ts.map(() => 0);\n  return { ts, trainLoss: zeros, trainAcc: zeros, testLoss: zeros, testAcc: zeros };',
      ],
    ],
    loses: 'task-1-2-lines-check',
  },
  {
    name: 'a chain that bends at 0.3',
    part: '2',
    changes: [
      [
        'task-2-1-function',
        't <= 0.5 ? [1 - 2 * t, 2 * t, 0] : [0, 2 - 2 * t, 2 * t - 1]',
        't <= 0.3 ? [1 - t / 0.3, t / 0.3, 0] : [0, (1 - t) / 0.7, (t - 0.3) / 0.7]',
      ],
      // The gradient has a right chain of its own, so that it loses nothing.
      [
        'task-2-2-gradient',
        'getStateDictFromChain(t, w1, w2, theta)',
        'named(names.map((n) => w1[n].mul(Math.max(0, 1 - 2 * t)).add(theta[n].mul(1 - Math.abs(1 - 2 * t))).add(w2[n].mul(Math.max(0, 2 * t - 1)))))',
      ],
    ],
    loses: 'task-2-1-check',
    says: /at t = 0\.5 your chain is [\d.]+ away from θ/,
  },
  {
    name: 'the factor of θ missing',
    part: '2',
    changes: [['task-2-2-gradient', 'g.mul(factor)', 'g.mul(1)']],
    loses: 'task-2-2-gradient-check',
    says: /how far does φ\(t\) move/,
  },
  {
    name: 'the factor of w₁ instead of that of θ',
    part: '2',
    changes: [['task-2-2-gradient', 't <= 0.5 ? 2 * t : 2 * (1 - t)', '1 - t']],
    loses: 'task-2-2-gradient-check',
  },
  {
    name: 'a loss and its gradient that fit each other, and not the net',
    part: '2',
    changes: [
      [
        'task-2-2-gradient',
        'crossEntropy(apply(network, named(tensors), x), y)',
        'tf.addN(tensors.map((w) => w.square().sum()))',
      ],
    ],
    loses: 'task-2-2-gradient-check',
    says: /and the net there/,
  },
  {
    name: 'a basis that is not orthogonal',
    part: '2',
    changes: [['task-2-3-basis', '.mul(along)', '.mul(0)']],
    loses: 'task-2-3-check',
    says: /° between them/,
  },
  {
    name: 'a basis in another plane',
    part: '2',
    changes: [
      [
        'task-2-3-basis',
        'subtract(theta, stateDictAtW1)',
        'subtract(theta, subtract(theta, theta))',
      ],
    ],
    loses: 'task-2-3-check',
    says: /lies outside of their plane/,
  },
  {
    name: 'a grid on its side',
    part: '2',
    changes: [
      [
        'task-2-4-grid',
        'return evaluateGrid(network, plane, rectangle, datasets, options);',
        'const g = await evaluateGrid(network, plane, rectangle, datasets, options);\n  return { ...g, trainLoss: g.as.map((_, i) => g.trainLoss.map((row) => row[i])) };',
      ],
    ],
    loses: 'task-2-4-check',
    says: /which loop is the outer one/,
  },
  {
    name: 'a grid of the wrong set',
    part: '2',
    changes: [
      [
        'task-2-4-grid',
        'datasets, options',
        '{ train: datasets.test, test: datasets.test }, options',
      ],
    ],
    loses: 'task-2-4-check',
    says: /these are the test losses/,
  },
  {
    name: 'no deeper network',
    part: '3.1',
    changes: [['task-3-1-networks', 'numHidden: 3', 'numHidden: 1']],
    loses: 'task-3-1-networks-check',
    says: /none has more than 1 hidden layer/,
  },
  {
    name: 'the raw maximum for barrier (a)',
    part: '3.1',
    changes: [['task-3-1-measure', '.barrierA', '.maximum']],
    loses: 'task-3-1-measure-check',
    says: /it is the raw maximum/,
  },
  {
    name: 'a function that throws',
    part: '3.1',
    changes: [['task-3-1-measure', 'return {', "throw new Error('no idea');\n  return {"]],
    loses: 'task-3-1-measure-check',
    says: /your code threw: no idea/,
  },
];

const right: readonly Variant[] = [
  { name: 'Part 1 as it is', part: '1', changes: [] },
  { name: 'Part 2 as it is', part: '2', changes: [] },
  { name: 'Part 3.1 as it is', part: '3.1', changes: [] },
  {
    name: 'a line measured point by point',
    part: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        `const figures = { ts, trainLoss: [], trainAcc: [], testLoss: [], testAcc: [] } as PathFigures;
  for (const t of ts) {
    const model = { network: network, weights: interpolateBetweenStateDicts(t, a, b) };
    const onTrain = await performEpoch(model, wholeTrainLoader, crossEntropy);
    const onTest = await performEpoch(model, testLoader, crossEntropy);
    figures.trainLoss.push(onTrain.loss);
    figures.trainAcc.push(onTrain.accuracy);
    figures.testLoss.push(onTest.loss);
    figures.testAcc.push(onTest.accuracy);
  }
  return figures;`,
      ],
    ],
  },
  {
    name: 'the other minimum and its init, the other order of two',
    part: '1',
    changes: [
      ['task-1-2-modes', 'const [m1, m2] = minima;', 'const [m2, m1] = minima;'],
      ['task-1-2-modes', 'const [i1, i2] = inits;', 'const [i2, i1] = inits;'],
    ],
  },
  {
    name: 'a basis of length one, exchanged and negated',
    part: '2',
    changes: [
      [
        'task-2-3-basis',
        'return { u: u, v: hatV };',
        `const unit = (w: StateDict, sign: number) => {
    const length = norm(w);
    return Object.fromEntries(Object.entries(w).map(([n, x]) => [n, x.mul(sign / length)]));
  };
  return { u: unit(hatV, -1), v: unit(u, 1) };`,
      ],
    ],
  },
  {
    name: 'parameters in another order, with other names',
    part: '1',
    changes: [
      ['task-1-2-interpolate', 'Object.keys(stateDictA)', 'Object.keys(stateDictA).reverse()'],
      ['task-1-2-interpolate', 'stateDict[name]', 'between[name]'],
      ['task-1-2-interpolate', 'const stateDict:', 'const between:'],
      ['task-1-2-interpolate', 'return stateDict;', 'return between;'],
    ],
  },
];

const answers = submission('1');
const secret = join(projectRoot, 'notebooks', 'instructor', 'part-1.ipynb');

interface Hostile {
  readonly name: string;
  readonly code: string;
  /** What it may still earn: the functions before it are right. */
  readonly keeps?: boolean;
  readonly says?: (run: Carried) => void;
}

const attempt = (code: string) => `console.log('tried');\n${code}`;
const cellError = (pattern: RegExp) => (run: Carried) =>
  assert.match(String(run.errors.more), pattern);

const hostile: readonly Hostile[] = [
  {
    name: 'an endless loop',
    code: 'for (;;) {}',
    keeps: true,
    says: cellError(/longer than|ended the kernel/),
  },
  {
    name: 'an endless wait',
    code: 'await new Promise(() => {});',
    keeps: true,
    says: cellError(/longer than|Interrupted/),
  },
  { name: 'process.exit', code: 'process.exit(0);', keeps: true },
  {
    name: 'the death of its parents',
    code: "process.kill(process.ppid, 'SIGKILL'); process.kill(1, 'SIGKILL');",
  },
  {
    name: 'a fork bomb',
    code: "const { spawn } = require('node:child_process');\nfor (let i = 0; i < 500; i++) spawn('/bin/sh', ['-c', 'sleep 100']).on('error', () => {});\nawait new Promise((r) => setTimeout(r, 15000));",
    says: ({ stopped }) => assert.match(String(stopped), /more than 40 processes/),
  },
  {
    name: 'a memory bomb',
    code: 'const bomb: Buffer[] = [];\nfor (;;) { bomb.push(Buffer.alloc(50e6, 1)); await new Promise((r) => setTimeout(r, 5)); }',
    says: ({ stopped }) => assert.match(String(stopped), /more than 2000 MB/),
  },
  {
    name: 'a full disk',
    code: "const { writeFileSync } = require('node:fs');\nfor (let i = 0; ; i++) writeFileSync('/tmp/' + i, Buffer.alloc(50e6));",
    keeps: true,
    says: cellError(/ENOSPC|EFBIG/),
  },
  {
    name: 'reading the answers',
    code: attempt(`require('node:fs').readFileSync(${JSON.stringify(secret)});`),
    keeps: true,
    says: cellError(/ENOENT/),
  },
  {
    name: 'writing to lib',
    code: attempt(
      `require('node:fs').writeFileSync(${JSON.stringify(join(projectRoot, 'lib', 'dist', 'index.js'))}, '');`,
    ),
    keeps: true,
    says: cellError(/EROFS|EACCES/),
  },
  {
    name: 'a network call',
    code: "await fetch('http://1.1.1.1/');",
    keeps: true,
    says: cellError(/fetch failed|ENETUNREACH/),
  },
  {
    name: 'the environment of the grader',
    code: 'if (Object.keys(process.env).some((name) => /TOKEN|SSH|USER|npm_/.test(name))) throw new Error("seen"); throw new Error("nothing");',
    keeps: true,
    says: cellError(/nothing/),
  },
  {
    name: "the grader's own messages, printed",
    code: `for (const id of ['task-1-1-check', 'task-2-1-check']) {
  process.stdout.write('\\n' + JSON.stringify({ kind: 'evidence', id, text: '{"claims":"{}","calls":{}}' }) + '\\n');
  console.log(JSON.stringify({ kind: 'evidence', id, text: '{"claims":"{}","calls":{}}' }));
}`,
    keeps: true,
  },
  {
    name: 'JSON, Math and prototypes redefined',
    code: `(globalThis as any).Math.abs = () => 0;
JSON.stringify = () => '{"claims":"{}","calls":{}}';
(Array.prototype as any).find = () => ({ verdict: 'holds' });
(Object.prototype as any).verdict = 'holds';`,
  },
  {
    name: 'checks that always hold',
    code: `const lib = require('pathlab');
for (const name of Object.keys(lib)) if (name.startsWith('check')) { try { lib[name] = async () => ({ task: '1', findings: [{ what: 'all', verdict: 'holds' }] }); } catch {} }`,
    keeps: true,
  },
  {
    name: 'evidence written beforehand',
    code: "const { mkdirSync, writeFileSync } = require('node:fs');\nfor (const id of ['task-1-1-check', 'task-2-3-check']) writeFileSync(process.env.LAB_EVIDENCE + '/' + id, '{\"claims\":\"{}\",\"calls\":{}}');",
    keeps: true,
  },
  {
    name: 'evidence as a link to a file of the machine',
    code: "require('node:fs').symlinkSync('/etc/passwd', process.env.LAB_EVIDENCE + '/task-2-3-check');",
    keeps: true,
  },
  {
    name: '200 MB of output',
    code: "for (let i = 0; i < 2000; i++) console.log('x'.repeat(1e5));",
    keeps: true,
  },
];

describe('the grader', function () {
  this.timeout(900_000);
  const runs = new Map<string, Carried>();
  const run = (name: string) => runs.get(name)!;

  before(async () => {
    ensureBuild();
    await useBackend('wasm');
    assert.ok(hasBubblewrap(), 'bubblewrap works here (Debian: apt install bubblewrap)');
    const jobs: [string, Notebook][] = [
      ...[...wrong, ...right].map(({ name, part, changes }): [string, Notebook] => [
        name,
        submission(part, changes),
      ]),
      ...hostile.map(({ name, code }): [string, Notebook] => [name, withCell(answers, code)]),
    ];
    await sideBySide(
      jobs.map(([name, notebook]) => async () => {
        runs.set(name, await carryOut(notebook));
      }),
    );
  });

  it('gives an untouched copy nothing', async () => {
    for (const part of ['1', '2']) {
      const copy = studentCopy(
        readNotebook(join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`)),
      );
      const run = await carryOut(copy);
      assert.equal(earned(run), 0, JSON.stringify(run.verdicts));
    }
  });

  it('gives Part 1 carried out in full all its points', async () => {
    const notebook = readNotebook(join(projectRoot, 'notebooks', 'instructor', 'part-1.ipynb'));
    const run = await carryOut(notebook);
    assert.deepEqual(full(run), ['task-1-1-check', ...OF_FUNCTIONS['1']!]);
    assert.deepEqual(run.errors, {});
    assert.match(run.outputs['task-1-2-run']!.join(''), /<svg/);
  });

  it('gives the same marks for the same seed, other inputs for another', async () => {
    const again = await carryOut(submission('1'));
    assert.deepEqual(again.verdicts, run('Part 1 as it is').verdicts);
    const other = await carryOut(submission('1'), { seed: 12 });
    assert.deepEqual(full(other), OF_FUNCTIONS['1']);
  });

  for (const { name, part } of right) {
    it(`takes nothing from: ${name}`, () => {
      assert.deepEqual(full(run(name)), OF_FUNCTIONS[part]);
    });
  }

  for (const { name, part, loses, says } of wrong) {
    it(`takes ${loses} and nothing else from: ${name}`, () => {
      const verdicts = run(name).verdicts;
      assert.deepEqual(
        full(run(name)),
        OF_FUNCTIONS[part]!.filter((id) => id !== loses),
      );
      const lost = verdicts.find(({ id }) => id === loses)!;
      assert.ok(lost.earned < lost.points);
      const told = `${lost.reason} ${lost.findings.map(({ hint }) => hint).join(' ')}`;
      if (says) assert.match(told, says);
    });
  }

  for (const { name, keeps, says } of hostile) {
    it(`stands: ${name}`, () => {
      const got = run(name);
      const most = OF_FUNCTIONS['1']!;
      for (const id of full(got)) assert.ok(most.includes(id), `${id} was not answered`);
      assert.ok(earned(got) <= 1.5);
      if (keeps) assert.deepEqual(full(got), most);
      says?.(got);
    });
  }

  it('leaves nothing behind', () => {
    assert.ok(!existsSync(join(projectRoot, 'work')));
    assert.ok(readFileSync(join(projectRoot, 'lib', 'dist', 'index.js'), 'utf8').length > 0);
    const commands = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      });
    assert.deepEqual(
      commands.filter((line) => line.startsWith('bwrap')),
      [],
    );
  });
});
