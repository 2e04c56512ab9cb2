import type { Wrong } from '../variant';

/** Wrong in one place of Tasks 2.3 and 2.4. */
export const plane: readonly Wrong[] = [
  {
    name: 'a basis that is not orthogonal',
    kind: '2',
    changes: [['task-2-3-basis', '.mul(along)', '.mul(0)']],
    loses: 'task-2-3-check',
    says: /° between them/,
  },
  {
    name: 'a basis in another plane',
    kind: '2',
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
    kind: '2',
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
    kind: '2',
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
    name: 'a basis that is NaN',
    kind: '2',
    changes: [['task-2-3-basis', '.mul(along)', '.mul(NaN)']],
    loses: 'task-2-3-check',
  },
  {
    name: 'two directions that are one',
    kind: '2',
    changes: [['task-2-3-basis', 'return { u: u, v: hatV };', 'return { u: u, v: u };']],
    loses: 'task-2-3-check',
    says: /° between them/,
  },
  {
    name: 'a projection divided by the wrong length',
    kind: '2',
    changes: [['task-2-3-basis', '/ dot(u, u)', '/ dot(v, v)']],
    loses: 'task-2-3-check',
    says: /° between them/,
  },
  {
    name: 'a second direction drawn at random',
    kind: '2',
    changes: [
      [
        'task-2-3-basis',
        'const v = subtract(theta, stateDictAtW1);',
        'const v = Object.fromEntries(Object.entries(theta).map(([n, x]) => [n, tf.randomNormal(x.shape)])) as StateDict;',
      ],
    ],
    loses: 'task-2-3-check',
    says: /lies outside of their plane/,
  },
  {
    name: 'a grid whose rows run from the last b to the first',
    kind: '2',
    changes: [
      [
        'task-2-4-grid',
        'return evaluateGrid(network, plane, rectangle, datasets, options);',
        'const g = await evaluateGrid(network, plane, rectangle, datasets, options);\n  return { ...g, trainLoss: [...g.trainLoss].reverse() };',
      ],
    ],
    loses: 'task-2-4-check',
    says: /from the last b to the first/,
  },
  {
    name: 'a grid without its places',
    kind: '2',
    changes: [
      [
        'task-2-4-grid',
        'return evaluateGrid(network, plane, rectangle, datasets, options);',
        'const { as, bs, ...g } = await evaluateGrid(network, plane, rectangle, datasets, options);\n  return g as Grid;',
      ],
    ],
    loses: 'task-2-4-check',
    keeps: 0.42,
    says: /there is no as in what it returns/,
  },
  {
    name: 'a grid around the origin of weight space',
    kind: '2',
    changes: [
      [
        'task-2-4-grid',
        'network, plane,',
        'network, { ...plane, origin: subtract(plane.origin, plane.origin) },',
      ],
    ],
    loses: 'task-2-4-check',
    says: /the network there has/,
  },
  {
    name: 'a grid of one number',
    kind: '2',
    changes: [
      [
        'task-2-4-grid',
        'return evaluateGrid(network, plane, rectangle, datasets, options);',
        'const g = await evaluateGrid(network, plane, rectangle, datasets, options);\n  return { ...g, trainLoss: g.trainLoss.map((row) => row.map(() => 1)) };',
      ],
    ],
    loses: 'task-2-4-check',
  },
  {
    name: 'a grid of accuracies',
    kind: '2',
    changes: [
      [
        'task-2-4-grid',
        'return evaluateGrid(network, plane, rectangle, datasets, options);',
        'const g = await evaluateGrid(network, plane, rectangle, datasets, options);\n  return { ...g, testLoss: g.testAcc };',
      ],
    ],
    loses: 'task-2-4-check',
    says: /test accuracies/,
  },
];
