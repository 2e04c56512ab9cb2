import type { Wrong } from '../variant';

/** Wrong in one place of Tasks 3.1 and 3.2. */
export const sweep: readonly Wrong[] = [
  {
    name: 'no deeper network',
    kind: '3.1',
    changes: [['task-3-1-networks', 'numHidden: 3', 'numHidden: 1']],
    loses: 'task-3-1-networks-check',
    says: /none has more than 1 hidden layer/,
  },
  {
    name: 'the raw maximum for barrier (a)',
    kind: '3.1',
    changes: [['task-3-1-measure', '.barrierA', '.maximum']],
    loses: 'task-3-1-measure-check',
    says: /it is the raw maximum/,
  },
  {
    name: 'a function that throws',
    kind: '3.1',
    changes: [['task-3-1-measure', 'return {', "throw new Error('no idea');\n  return {"]],
    loses: 'task-3-1-measure-check',
    says: /your code threw: no idea/,
  },
  {
    name: 'one network that is deeper, wider and has sigmoids',
    kind: '3.1',
    changes: [
      [
        'task-3-1-networks',
        'return {',
        "return { all: ClassifierFC({ ...images, hiddenDim: 100, numHidden: 2, nonlinearity: 'sigmoid' }) };\n  return {",
      ],
    ],
    loses: 'task-3-1-networks-check',
    keeps: 0.4,
    says: /which of both made the difference/,
  },
  {
    name: 'a deep network by the name of the baseline',
    kind: '3.1',
    changes: [['task-3-1-networks', "'ReLU 3×128': Cl", "'ReLU 1×64': Cl"]],
    loses: 'task-3-1-networks-check',
    says: /is the name of the baseline/,
  },
  {
    name: 'a curve that is sorted in place',
    kind: '3.1',
    changes: [
      [
        'task-3-1-measure',
        'Math.min(...onChain.testAcc)',
        'onChain.testAcc.sort((a, b) => a - b)[0]',
      ],
    ],
    loses: 'task-3-1-measure-check',
    keeps: 0.38,
    says: /it changes or disposes the figures of the chain/,
  },
  {
    name: 'no wider network',
    kind: '3.1',
    changes: [
      ['task-3-1-networks', 'hiddenDim: 128', 'hiddenDim: 64'],
      ['task-3-1-networks', 'hiddenDim: wide', 'hiddenDim: 64'],
    ],
    loses: 'task-3-1-networks-check',
    says: /none has more than 64 neurons/,
  },
  {
    name: 'no sigmoid',
    kind: '3.1',
    changes: [['task-3-1-networks', "nonlinearity: 'sigmoid'", "nonlinearity: 'tanh'"]],
    loses: 'task-3-1-networks-check',
    says: /has sigmoids|none has/,
  },
  {
    name: 'the worst train accuracy for that of the test set',
    kind: '3.1',
    changes: [['task-3-1-measure', 'onChain.testAcc', 'onChain.trainAcc']],
    loses: 'task-3-1-measure-check',
    says: /it is the train accuracy/,
  },
  {
    name: 'the mean of the chain for its highest point',
    kind: '3.1',
    changes: [
      [
        'task-3-1-measure',
        'Math.max(...onChain.trainLoss)',
        'measurePath(ts, onChain.trainLoss).uniformMean',
      ],
    ],
    loses: 'task-3-1-measure-check',
    says: /it is the mean/,
  },
  {
    name: 'statistics that are interpolated like weights',
    kind: '3.2',
    changes: [['task-3-2-evaluate', "'recomputed'", "'interpolated'"]],
    loses: 'task-3-2-statistics-check',
    says: /interpolated like weights/,
  },
  {
    name: 'statistics of one end',
    kind: '3.2',
    changes: [['task-3-2-evaluate', "'recomputed'", "'endpoint'"]],
    loses: 'task-3-2-statistics-check',
    says: /one end's statistics/,
  },
];
