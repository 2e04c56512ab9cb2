import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, cellText, readNotebook } from '../../lib/ipynb';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import { projectRoot } from '../../lib/root';
import { CODE_STUB } from '../../lib/workbook';

/**
 * What the texts name and show must be there for a student who takes it to the letter: every
 * piece of code in a text is put into the next answer below it, or at the end of the notebook into a
 * function of its own, and compiled after the cells above, as the kernel compiles them.
 */

/** Names that a text leaves to the reader, by its cell: declared before its pieces of code. */
const CHOSEN: Readonly<Record<string, string>> = {
  'loader-text': 'const [x, y] = [0, 0];',
  'network-text': `
    const network = null as unknown as import('pathlab').Network;
    const weights: import('pathlab').StateDict = {};
    const x = tf.zeros([1, 1, 28, 28]);`,
  'task-1-1-train-text': `
    const [epoch, learningRate, trainLoss, trainAcc] = [1, 0.1, 0, 1];
    const [loss, accuracy] = [0, 1];`,
  'task-1-2': "const name = 'a'; const x = tf.zeros([1]); const y = x;",
  'task-1-2-evaluate-text': `
    const t = 0;
    const [trainLoss, trainAcc, testLoss, testAcc] = [[0], [1], [0], [1]];`,
  'task-2-2-gradient-text': `
    const weights = theta;
    const f = (...tensors: tf.Tensor[]): tf.Scalar => tensors[0].sum();
    const tensors = [tf.zeros([1])];
    const { value, grads } = tf.valueAndGrads(f)(tensors);`,
  'task-2-2-fit-text': `
    const loader = dataLoader(train, { batchSize: 128 });
    const optimizer = SGD({ learningRate: 0.1 });
    const schedule = cosineAnnealingLR({ epochs: 1 });
    const [epochs, seed, epoch, learningRate, trainLoss, trainAcc] = [1, 2, 3, 4, 5, 6];
    const theta = midpoint;
    const history: object[] = [];
    const [loss, accuracy] = [0, 1];
    const onEpoch = (epoch: number, { loss, accuracy }: { loss: number; accuracy: number }) => {};`,
  'task-2-3': 'const [a, b, t] = [theta, theta, 1]; const [u, v] = [a, b];',
  'task-2-4': `
    const [a, b, i, j, done] = [0, 0, 0, 0, 1];
    const [trainLoss, trainAcc, testLoss, testAcc] = [[[0]], [[1]], [[0]], [[1]]];`,
  'measures-text':
    'const losses = [0]; const [lineBarrier, chainMaximum, worstTestAccOnChain] = [1, 2, 3];',
  'task-3-2': `
    const model = { network: network, weights: clone(init) };
    const loader = loaderOf(seed);
    const optimizer = SGD({ learningRate: 0.1 });
    const schedule = cosineAnnealingLR({ epochs: 1 });
    const epochs = 1;
    const onEpoch = report;`,
  'task-3-2-evaluate-text': "const [t, weights] = [0, w1]; const statistics = 'recomputed';",
};

/** What stands in a text as code and is none: words of the lab's own, names of files and modes, commands. */
const NO_CODE = /^(not answered yet|ReLU \d×\d+|\S+\.pt|npm run .*|[a-z]+(_[a-z]+)+)$/;

/** A piece of code as a statement: an import, a declaration, a property of an object, or an expression. */
function statement(code: string): string {
  const [, names, from] = /^import (\{.*\}) from (.*?);?$/.exec(code) ?? [];
  // Within a function it is one that is called.
  if (names !== undefined) return `const ${names} = await import(${from});`;
  if (/^const /.test(code)) return `${code};`;
  return /^\w+: /.test(code) ? `void ({ ${code} });` : `void (${code});`;
}

/** The pieces of code in a text, with what they leave to the reader, as a block; empty if none. */
function blockOf(cell: Cell): string {
  const pieces = [...cellText(cell).matchAll(/`([^`]+)`/g)]
    .map(([, code]) => code!)
    .filter((code) => !NO_CODE.test(code));
  const lines = [CHOSEN[cell.id] ?? '', ...pieces.map(statement)];
  return pieces.length === 0 ? '' : `{\n${lines.join('\n')}\n}\n`;
}

describe('the texts of the notebooks', function () {
  this.timeout(120_000);
  const folder = join(projectRoot, 'notebooks');

  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ipynb'))) {
    it(`of ${name} compile to the letter`, () => {
      const compiler = createCompiler(folder);
      const compile = (code: string) => {
        const compiled = compiler.compile(code);
        if ('complaints' in compiled) {
          const messages = compiled.complaints.map(({ message }) => message);
          assert.fail(`${messages.join('\n')}\n${code}`);
        }
        compiler.learn(compiled.knowledge);
      };
      let pieces = '';
      for (const cell of readNotebook(join(folder, name)).cells) {
        if (cell.cell_type !== 'code') {
          pieces += blockOf(cell);
          continue;
        }
        compile(cellText(cell).replace(CODE_STUB, (stub) => pieces + stub));
        if (cellText(cell).includes(CODE_STUB)) pieces = '';
      }
      compile(`async function text() {\n${pieces}\n}`);
    });
  }

  it('leave no other names to the reader', () => {
    const ids = new Set(
      readdirSync(folder)
        .filter((file) => file.endsWith('.ipynb'))
        .flatMap((name) => readNotebook(join(folder, name)).cells.map(({ id }) => id)),
    );
    assert.deepEqual(
      Object.keys(CHOSEN).filter((id) => !ids.has(id)),
      [],
    );
  });

  it("quote the figures that Part 3.1's solution shows, to their last digit", () => {
    const cellOf = (kind: string, id: string) =>
      readNotebook(join(folder, kind, 'part-3.1.ipynb')).cells.find((one) => one.id === id)!;
    const tables = (cellOf('solutions', 'task-3-1-compare').outputs ?? []).map(({ data }) =>
      [(data as Record<string, string | string[]>)['text/plain'] ?? ''].flat().join(''),
    );
    // The table of means ± deviations, and the one that divides a mean barrier by the worst chain.
    const rowsOf = (heading: RegExp) => {
      const [, ...rows] = tables.find((text) => heading.test(text))!.split('\n');
      return new Map(rows.map((row) => row.split(/ {2,}/)).map(([name, ...rest]) => [name, rest]));
    };
    const means = rowsOf(/^network .*line barrier/);
    const ratios = rowsOf(/^network .*barrier ÷ worst/);
    const answer = cellText(cellOf('instructor', 'task-3-1-answer'));
    const [, ...rows] = [...answer.matchAll(/^\| (\w.*?) \|(.*)\|$/gm)];
    assert.equal(rows.length, 7);
    for (const [, name, rest] of rows) {
      const [barrier, middle, highest] = rest!.split('|').map((text) => text.trim());
      const [, lineBarrier, , inMiddle] = means.get(name!)!;
      const worst = Number.parseFloat(lineBarrier!) / Number(ratios.get(name!)!.at(-1));
      const agree = (told: string, right: number) => {
        const decimals = told.split(' ')[0]!.split('.')[1]!.length;
        // Half a unit of the last digit, and what the right value was itself rounded by.
        const room = 0.5 * 10 ** -decimals + 0.005 * right;
        assert.ok(
          Math.abs(Number.parseFloat(told) - right) <= room,
          `${name}: ${told}, the run has ${right}`,
        );
      };
      agree(barrier!, Number.parseFloat(lineBarrier!));
      agree(middle!, Number.parseFloat(inMiddle!));
      agree(highest!, worst);
    }
  });
});
