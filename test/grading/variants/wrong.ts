import type { Wrong } from './variant';

/** Each breaks one criterion. */
export const wrong: readonly Wrong[] = [
  {
    name: 't and 1 − t exchanged',
    kind: '1',
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
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(t)', '.mul(Math.max(0, Math.min(1, t)))']],
    loses: 'task-1-2-interpolate-check',
    says: /t = 1\.5/,
  },
  {
    name: 'a state dict of NaN',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(t)', '.mul(NaN)']],
    loses: 'task-1-2-interpolate-check',
  },
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
    name: 't² instead of t',
    kind: '1',
    changes: [
      ['task-1-2-interpolate', '.mul(t)', '.mul(t * t)'],
      ['task-1-2-interpolate', '.mul(1 - t)', '.mul(1 - t * t)'],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /at t = 0\.5 you are/,
  },
  {
    name: 'biases that stay behind',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(t).add(', ".mul(name.endsWith('bias') ? 0 : t).add("]],
    loses: 'task-1-2-interpolate-check',
  },
  {
    name: 'a line through the origin instead of the second end',
    kind: '1',
    changes: [['task-1-2-interpolate', '.mul(1 - t)', '.mul(0)']],
    loses: 'task-1-2-interpolate-check',
    says: /at t = 0 you are/,
  },
  {
    name: 'a state dict that is changed in place',
    kind: '1',
    changes: [
      [
        'task-1-2-interpolate',
        'return stateDict;',
        'for (const name of Object.keys(stateDict)) stateDictA[name] = stateDictA[name].clone();\n  return stateDict;',
      ],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /it changed its first state dict/,
  },
  {
    name: 'a tensor on its side',
    kind: '1',
    changes: [
      [
        'task-1-2-interpolate',
        'return stateDict;',
        'for (const n of Object.keys(stateDict)) stateDict[n] = stateDict[n].transpose();\n  return stateDict;',
      ],
    ],
    loses: 'task-1-2-interpolate-check',
    says: /has shape \[7, 5\], not \[5, 7\]/,
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
    name: 'one net trained twice from the same initialisation',
    kind: '1',
    changes: [
      [
        'loads',
        "stateDictsAtMinima[1] = load('minimum-2');",
        "stateDictsAtMinima[1] = load('minimum-1');\nstateDictsAtInits[1] = stateDictsAtInits[0];",
      ],
    ],
    loses: 'task-1-1-check',
    says: /both began at the same weights/,
  },
  {
    name: 'a net that errs on one image in a hundred or so',
    kind: '1',
    changes: [['loads', "load('minimum-2')", "load('early')"]],
    loses: 'task-1-1-check',
    says: /it misclassifies \d+ of 6000 training images/,
  },
  {
    name: 'a net trained on the test set',
    kind: '1',
    changes: [['loads', "load('minimum-2')", "load('of-the-test-set-2')"]],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /it misclassifies \d+ of 6000 training images, and no test image: was it trained on/,
  },
  {
    name: 'two nets trained on the test set',
    kind: '1',
    changes: [
      ['loads', "load('minimum-1')", "load('of-the-test-set-1')"],
      ['loads', "load('minimum-2')", "load('of-the-test-set-2')"],
    ],
    loses: 'task-1-1-check',
    keeps: 0.5,
    says: /was it trained on the test set/,
  },
  {
    name: 'two nets that diverged',
    kind: '1',
    changes: [
      ['loads', "load('minimum-1')", "load('diverged-1')"],
      ['loads', "load('minimum-2')", "load('diverged-2')"],
    ],
    loses: 'task-1-1-check',
    says: /times as long as at its init: the training diverged/,
  },
  {
    name: 'a training that begins at an init of its own',
    kind: '1',
    changes: [['loads', "load('minimum-2')", "load('from-another-init')"]],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /minimum 2 has no trace of init 2 in it/,
  },
  {
    name: 'a training that draws the init itself',
    kind: '1',
    changes: [['task-1-1-train', 'clone(init)', 'initialize(network, seed)']],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /trainOnce learns as from any init/,
  },
  {
    name: 'two minima that are exchanged',
    kind: '1',
    changes: [
      ['loads', 'stateDictsAtMinima[0]', 'stateDictsAtMinima[X]'],
      ['loads', 'stateDictsAtMinima[1]', 'stateDictsAtMinima[0]'],
      ['loads', 'stateDictsAtMinima[X]', 'stateDictsAtMinima[1]'],
    ],
    loses: 'task-1-1-check',
    keeps: 0.75,
    says: /have they been exchanged/,
  },
  {
    name: 'a minimum that is a promise',
    kind: '1',
    changes: [
      ['loads', "load('minimum-2')", "Promise.resolve(load('minimum-2')) as unknown as StateDict"],
    ],
    loses: 'task-1-1-check',
    keeps: 0.25,
    says: /it is a promise: is an await missing/,
  },
  {
    name: 'a minimum of plain lists',
    kind: '1',
    changes: [
      [
        'loads',
        "load('minimum-2')",
        "Object.fromEntries(Object.entries(load('minimum-2')).map(([n, x]) => [n, x.arraySync()])) as unknown as StateDict",
      ],
    ],
    loses: 'task-1-1-check',
    keeps: 0.25,
    says: /got a list, which is no tensor/,
  },
  {
    name: 'tensors by the names of the notebook',
    kind: '1',
    changes: [
      [
        'task-1-2-interpolate',
        'Object.keys(stateDictA)',
        "['layers.1.weight', 'layers.1.bias', 'layers.3.weight', 'layers.3.bias']",
      ],
    ],
    loses: 'task-1-2-interpolate-check',
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
  {
    name: 'a second training that never ran',
    kind: '1',
    changes: [['loads', "stateDictsAtMinima[1] = load('minimum-2');", '']],
    loses: 'task-1-1-check',
    says: /it is still its initialisation/,
  },
  {
    name: 'a single minimum',
    kind: '1',
    changes: [['loads', "stateDictsAtMinima[1] = load('minimum-2');", 'stateDictsAtMinima.pop();']],
    loses: 'task-1-1-check',
    says: /there are 1 minima: train twice/,
  },
  {
    name: 'weights that are not finite',
    kind: '1',
    changes: [
      [
        'loads',
        "stateDictsAtMinima[1] = load('minimum-2');",
        "stateDictsAtMinima[1] = load('minimum-2');\nstateDictsAtMinima[1]['layers.1.bias'] = stateDictsAtMinima[1]['layers.1.bias'].mul(NaN);",
      ],
    ],
    loses: 'task-1-1-check',
    says: /weights are not finite/,
  },
  {
    name: 'weights of another network',
    kind: '1',
    changes: [
      [
        'loads',
        "stateDictsAtMinima[1] = load('minimum-2');",
        "stateDictsAtMinima[1] = { w: load('minimum-2')['layers.1.weight'] };",
      ],
    ],
    loses: 'task-1-1-check',
    says: /should have shape/,
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
  {
    name: 'a θ that was never trained',
    kind: '2',
    changes: [['loads', "load('theta')", 'midpoint']],
    loses: 'task-2-2-check',
  },
  {
    name: 'a θ at one of the minima',
    kind: '2',
    changes: [['loads', "load('theta')", 'w1']],
    loses: 'task-2-2-check',
    says: /of \|w₂ − w₁\| away from it/,
  },
  {
    name: 'a θ drawn at random',
    kind: '2',
    changes: [['loads', "load('theta')", 'initialize(network, 5)']],
    loses: 'task-2-2-check',
    says: /the chain rises by/,
  },
  {
    name: 'a θ that ran away',
    kind: '2',
    changes: [['loads', "load('theta')", "named(names.map((n) => load('theta')[n].mul(40)))"]],
    loses: 'task-2-2-check',
    says: /climbed: the chain rises by .* nats, the line by .* is the learning rate small enough/,
  },
  {
    name: 'a θ that is not finite',
    kind: '2',
    changes: [['loads', "load('theta')", "named(names.map((n) => load('theta')[n].mul(NaN)))"]],
    loses: 'task-2-2-check',
    says: /not finite/,
  },
  {
    name: 'a θ that is no state dict',
    kind: '2',
    changes: [['loads', "load('theta')", "'theta' as unknown as StateDict"]],
    loses: 'task-2-2-check',
    says: /should have shape .* got nothing/,
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
