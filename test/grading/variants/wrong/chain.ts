import type { Wrong } from '../variant';

/** Wrong in one place of Tasks 2.1 and 2.2: the chain and its gradient. */
export const chain: readonly Wrong[] = [
  {
    name: 'a chain that bends at 0.3',
    kind: '2',
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
    kind: '2',
    changes: [['task-2-2-gradient', 'g.mul(factor)', 'g.mul(1)']],
    loses: 'task-2-2-gradient-check',
    says: /how far does φ\(t\) move/,
  },
  {
    name: 'the factor of w₁ instead of that of θ',
    kind: '2',
    changes: [['task-2-2-gradient', 't <= 0.5 ? 2 * t : 2 * (1 - t)', '1 - t']],
    loses: 'task-2-2-gradient-check',
  },
  {
    name: 'a loss and its gradient that fit each other, and not the net',
    kind: '2',
    changes: [
      [
        'task-2-2-gradient',
        'crossEntropy(apply(network, named(tensors), x), y)',
        'tf.addN(tensors.map((w) => w.square().sum()))',
      ],
    ],
    loses: 'task-2-2-gradient-check',
    says: /the network there has/,
  },
  {
    name: 'a wrong chain, on which the right gradient builds',
    kind: '2',
    changes: [['task-2-1-function', '2 * t, 0]', 't, 0]']],
    loses: 'task-2-1-check',
  },
  {
    name: 'a chain that does not compile, on which the right gradient builds',
    kind: '2',
    changes: [['task-2-1-function', 'const stateDict: StateDict = {};', 'const s: number = "x";']],
    loses: 'task-2-1-check',
    says: /because cell task-2-1-function failed: /,
  },
  {
    name: 'a smooth curve instead of a chain',
    kind: '2',
    changes: [
      [
        'task-2-1-function',
        't <= 0.5 ? [1 - 2 * t, 2 * t, 0] : [0, 2 - 2 * t, 2 * t - 1]',
        '[(1 - t) ** 2, 2 * t * (1 - t), t ** 2]',
      ],
      [
        'task-2-2-gradient',
        'getStateDictFromChain(t, w1, w2, theta)',
        'named(names.map((n) => w1[n].mul(Math.max(0, 1 - 2 * t)).add(theta[n].mul(1 - Math.abs(1 - 2 * t))).add(w2[n].mul(Math.max(0, 2 * t - 1)))))',
      ],
    ],
    loses: 'task-2-1-check',
    says: /away from θ/,
  },
  {
    name: 'a chain that is crossed at uneven speed',
    kind: '2',
    changes: [
      ['task-2-1-function', '[1 - 2 * t, 2 * t, 0]', '[1 - 4 * t * t, 4 * t * t, 0]'],
      [
        'task-2-2-gradient',
        'getStateDictFromChain(t, w1, w2, theta)',
        'named(names.map((n) => w1[n].mul(Math.max(0, 1 - 2 * t)).add(theta[n].mul(1 - Math.abs(1 - 2 * t))).add(w2[n].mul(Math.max(0, 2 * t - 1)))))',
      ],
    ],
    loses: 'task-2-1-check',
    says: /even speed/,
  },
  {
    name: 'a chain that never leaves θ',
    kind: '2',
    changes: [
      ['task-2-1-function', '[0, 2 - 2 * t, 2 * t - 1]', '[0, 1, 0]'],
      [
        'task-2-2-gradient',
        'getStateDictFromChain(t, w1, w2, theta)',
        'named(names.map((n) => w1[n].mul(Math.max(0, 1 - 2 * t)).add(theta[n].mul(1 - Math.abs(1 - 2 * t))).add(w2[n].mul(Math.max(0, 2 * t - 1)))))',
      ],
    ],
    loses: 'task-2-1-check',
    says: /at t = 1 your chain is/,
  },
  {
    name: 'a gradient at the midpoint, whatever θ',
    kind: '2',
    changes: [
      [
        'task-2-2-gradient',
        'getStateDictFromChain(t, w1, w2, theta)',
        'getStateDictFromChain(t, w1, w2, midpoint)',
      ],
    ],
    loses: 'task-2-2-gradient-check',
    says: /it is that of another θ than it is given/,
  },
  {
    name: 'a gradient of one batch for all',
    kind: '2',
    changes: [
      ['task-2-2-gradient', '{ x, y }: Batch', '_: Batch'],
      ['task-2-2-gradient', 'let loss = 0;', 'const { x, y } = someBatch;\n  let loss = 0;'],
    ],
    loses: 'task-2-2-gradient-check',
    says: /is it the loss at φ\(t\), and of this batch|of another batch|the network there has/,
  },
  {
    name: 'a loss that is a tensor',
    kind: '2',
    changes: [
      ['task-2-2-gradient', 'let loss = 0;', 'let loss: any;'],
      ['task-2-2-gradient', 'value.dataSync()[0]', 'tf.keep(value)'],
    ],
    loses: 'task-2-2-gradient-check',
    keeps: 0.6,
    says: /the loss is a tensor/,
  },
  {
    name: 'a gradient that points down',
    kind: '2',
    changes: [['task-2-2-gradient', 'g.mul(factor)', 'g.mul(-factor)']],
    loses: 'task-2-2-gradient-check',
  },
  {
    name: 'a gradient at one t for all',
    kind: '2',
    changes: [
      [
        'task-2-2-gradient',
        'const point = getStateDictFromChain(t,',
        't = 0.3;\n    const point = getStateDictFromChain(t,',
      ],
    ],
    loses: 'task-2-2-gradient-check',
    says: /the loss rises faster in another direction/,
  },
  {
    name: 'a gradient of the first layer only',
    kind: '2',
    changes: [['task-2-2-gradient', 'g.mul(factor)', 'g.mul(g.size > 1000 ? factor : 0)']],
    loses: 'task-2-2-gradient-check',
    says: /has every layer its part/,
  },
  {
    name: 'a gradient that is zero',
    kind: '2',
    changes: [['task-2-2-gradient', 'g.mul(factor)', 'g.mul(0)']],
    loses: 'task-2-2-gradient-check',
    says: /the gradient is zero/,
  },
  {
    name: 'the sum of the losses instead of their mean',
    kind: '2',
    changes: [
      [
        'task-2-2-gradient',
        'crossEntropy(apply(network, named(tensors), x), y)',
        'crossEntropy(apply(network, named(tensors), x), y).mul(x.shape[0]) as tf.Scalar',
      ],
    ],
    loses: 'task-2-2-gradient-check',
    says: /the network there has/,
  },
];
