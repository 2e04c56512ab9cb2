import type { Wrong } from '../variant';

/** Wrong in one place of Task 1.2's lines. */
export const lines: readonly Wrong[] = [
  {
    name: 'minimum and init exchanged',
    kind: '1',
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
    kind: '1',
    changes: [['task-1-2-modes', 'linear_combination_of_two_randoms: [i1, i2],', '']],
    loses: 'task-1-2-lines-check',
    says: /there is no linear_combination_of_two_randoms in what it returns/,
  },
  {
    name: 'train and test exchanged',
    kind: '1',
    changes: [['task-1-2-evaluate', 'datasets', '{ train: datasets.test, test: datasets.train }']],
    loses: 'task-1-2-lines-check',
    says: /these are the test losses/,
  },
  {
    name: 'accuracy for loss',
    kind: '1',
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
    kind: '1',
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
    name: 'minimum 2 in the place of a random point',
    kind: '1',
    changes: [['task-1-2-modes', 'random: [m1, i2]', 'random: [m1, m2]']],
    loses: 'task-1-2-lines-check',
    says: /t = 0 is minimum 2/,
  },
  {
    name: 'the figures at 1 − t',
    kind: '1',
    changes: [['task-1-2-evaluate', 'line(a, b)', 'line(b, a)']],
    loses: 'task-1-2-lines-check',
    says: /at 1 − t/,
  },
  {
    name: 'the figures of a tenth of the images',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        ', datasets)',
        ', { train: subset(train, 600, 1), test: subset(test, 100, 1) })',
      ],
    ],
    loses: 'task-1-2-lines-check',
    says: /you have .*, the network there has/,
  },
  {
    name: 'figures rounded to one place',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        'const f = await evaluatePath(network, line(a, b), ts, datasets);\n  return { ...f, trainLoss: f.trainLoss.map((x) => Math.round(10 * x) / 10) };',
      ],
    ],
    loses: 'task-1-2-lines-check',
  },
  {
    name: 'figures that are NaN',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        'const f = await evaluatePath(network, line(a, b), ts, datasets);\n  return { ...f, trainLoss: f.trainLoss.map(() => NaN) };',
      ],
    ],
    loses: 'task-1-2-lines-check',
    says: /you have NaN/,
  },
  {
    name: 'figures that are text',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        "const f = await evaluatePath(network, line(a, b), ts, datasets);\n  return { ...f, testAcc: 'high' as unknown as number[] };",
      ],
    ],
    loses: 'task-1-2-lines-check',
    says: /expected a list of \d+ numbers, got 'high', which is a text/,
  },
  {
    name: 'no figures at all',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        'return undefined as unknown as PathFigures;',
      ],
    ],
    loses: 'task-1-2-lines-check',
  },
  {
    name: 'figures as texts of numbers',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        'const f = await evaluatePath(network, line(a, b), ts, datasets);\n  return { ...f, testLoss: f.testLoss.map((x) => x.toFixed(6)) as any };',
      ],
    ],
    loses: 'task-1-2-lines-check',
    keeps: 0.89,
    says: /which is a text and no number/,
  },
  {
    name: 'a mean over batches of unequal size',
    kind: '1',
    changes: [
      ['task-1-2-imports', 'import { measurePath', 'import { apply, measurePath'],
      [
        'task-1-2-evaluate',
        'return evaluatePath(network, line(a, b), ts, datasets);',
        `const f = await evaluatePath(network, line(a, b), ts, datasets);
  const testLoss: number[] = [];
  for (const t of ts) {
    const w = interpolateBetweenStateDicts(t, a, b);
    let [sum, n] = [0, 0];
    for (const { x, y } of dataLoader(test, { batchSize: 128 })) {
      sum += tf.tidy(() => crossEntropy(apply(network, w, x), y).dataSync()[0]);
      n++;
    }
    testLoss.push(sum / n);
  }
  return { ...f, testLoss };`,
      ],
    ],
    loses: 'task-1-2-lines-check',
    keeps: 0.89,
    says: /means of batches, in which a short last batch counts as much/,
  },
  {
    name: 'one of two functions that does not compile',
    kind: '1',
    changes: [
      [
        'task-1-2-evaluate',
        'return evaluatePath(',
        'const s: number = "x";\n  return evaluatePath(',
      ],
    ],
    loses: 'task-1-2-lines-check',
    keeps: 0.56,
    says: /there is no 'evaluateOnLine', because cell task-1-2-evaluate failed/,
  },
  {
    name: 'one of two functions that is not there',
    kind: '1',
    changes: [['task-1-2-modes', 'function endsOfModes(', 'function endsOfNothing(']],
    loses: 'task-1-2-lines-check',
    keeps: 0.56,
    says: /the notebook has no 'endsOfModes'/,
  },
];
