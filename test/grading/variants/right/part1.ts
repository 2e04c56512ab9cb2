import { cellText } from '../../../../lib/ipynb';
import { submission, wholePart, withCell } from '../../submit';
import { answering, changing, type Right } from './answering';

export const part1: readonly Right[] = [
  { name: 'Part 1 as it is', kind: '1', notebook: () => submission('1') },
  {
    name: 'Part 1 as it was when pathlab had the checks',
    kind: '1',
    notebook: () =>
      changing(submission('1'), (cells) =>
        cells.map((cell) => {
          const text = cellText(cell).replaceAll("'pathlab/lab'", "'pathlab'");
          return { ...cell, source: [text] };
        }),
      ),
  },
  {
    name: 'a net of two hidden layers, trained there',
    kind: '1',
    notebook: () => wholePart('1', [['task-1-1-network', 'numHidden: 1', 'numHidden: 2']]),
  },
  {
    name: 'another optimizer, trained there',
    kind: '1',
    notebook: () =>
      wholePart('1', [
        [
          'task-1-1-train',
          'SGD({\n    learningRate: settings.learningRate,\n    momentum: settings.momentum,\n  })',
          'Adam({ learningRate: 0.006 })',
        ],
        ['task-1-1-train', 'settings.learningRate * schedule', '0.006 * schedule'],
      ]),
  },
  {
    name: 'experiments after the last task',
    kind: '1',
    notebook: () =>
      withCell(
        wholePart('1'),
        `const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 32 });
const datasets = { train: subset(train, 500, 1), test: subset(test, 100, 1) };
async function evaluateOnLine(mode: string, points: number) { return points; }
for (const w of stateDictsAtMinima) for (const x of Object.values(w)) x.dispose();`,
      ),
  },
  {
    name: 'a helper that stands in a later cell',
    kind: '1',
    notebook: () =>
      withCell(
        answering('1', 'task-1-2-modes', 'return named4(minima, inits);'),
        `function named4([m1, m2]: StateDict[], [i1, i2]: StateDict[]): Record<string, [StateDict, StateDict]> {
  return {
    linear_combination_of_two_minima: [m1, m2],
    linear_combination_of_minimum_and_init: [m1, i1],
    linear_combination_of_minimum_and_random: [m1, i2],
    linear_combination_of_two_randoms: [i1, i2],
  };
}`,
      ),
  },
  {
    name: 'a line measured point by point',
    kind: '1',
    notebook: () =>
      answering(
        '1',
        'task-1-2-evaluate',
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
      ),
  },
  {
    name: 'the other minimum and its init, the other order of two',
    kind: '1',
    notebook: () =>
      submission('1', [
        ['task-1-2-modes', 'const [m1, m2] = minima;', 'const [m2, m1] = minima;'],
        ['task-1-2-modes', 'const [i1, i2] = inits;', 'const [i2, i1] = inits;'],
      ]),
  },
  {
    name: 'more modes than were asked for',
    kind: '1',
    notebook: () =>
      submission('1', [
        ['task-1-2-modes', '[i1, i2],\n  };', '[i1, i2],\n    and_one_of_my_own: [m2, i2],\n  };'],
      ]),
  },
  {
    name: 'parameters in another order, with other names',
    kind: '1',
    notebook: () =>
      submission('1', [
        ['task-1-2-interpolate', 'Object.keys(stateDictA)', 'Object.keys(stateDictA).reverse()'],
        ['task-1-2-interpolate', 'stateDict[name]', 'between[name]'],
        ['task-1-2-interpolate', 'const stateDict:', 'const between:'],
        ['task-1-2-interpolate', 'return stateDict;', 'return between;'],
      ]),
  },
  {
    name: 'from the second end, t times the way to the first',
    kind: '1',
    notebook: () =>
      answering(
        '1',
        'task-1-2-interpolate',
        `return Object.fromEntries(
    Object.entries(stateDictB).map(([n, b]) => [n, b.add(stateDictA[n].sub(b).mul(t))]),
  );`,
      ),
  },
  {
    name: 'cells more, some of which fail or write to stderr',
    kind: '1',
    notebook: () =>
      withCell(
        withCell(submission('1'), "console.error('a warning'); console.warn('another');"),
        "const own = 1;\nthrow new Error('I was only trying');",
      ),
  },
  {
    name: 'cells without ids and metadata',
    kind: '1',
    notebook: () =>
      changing(submission('1'), (cells) =>
        cells.map((cell, i) => ({ ...cell, id: `cell-${i + 1}`, metadata: {} })),
      ),
  },
  {
    name: 'an answer given twice, the second one right',
    kind: '1',
    notebook: () =>
      changing(submission('1'), (cells) =>
        cells.flatMap((cell) =>
          cell.id === 'task-1-2-interpolate'
            ? [
                {
                  ...cell,
                  id: 'first-try',
                  source: [cellText(cell).replace('.mul(t)', '.mul(7)')],
                },
                cell,
              ]
            : [cell],
        ),
      ),
  },
];
