import { type Cell, cellText, type Notebook } from '../../../lib/ipynb';
import { type KindName, submission, wholePart, withCell } from '../submit';

/** Answers that are right, though not as the instructor wrote them: they lose nothing. */
export interface Right {
  readonly name: string;
  readonly kind: KindName;
  readonly notebook: () => Notebook;
}

function changing(notebook: Notebook, change: (cells: readonly Cell[]) => readonly Cell[]) {
  return { ...notebook, cells: [...change(notebook.cells)] };
}

/** The notebook with another body for one of its functions. */
function answering(kind: KindName, id: string, body: string): Notebook {
  return changing(submission(kind), (cells) =>
    cells.map((cell) => {
      if (cell.id !== id) return cell;
      const text = cellText(cell).replace(
        /\/\/ BEGIN SOLUTION[\s\S]*\/\/ END SOLUTION/,
        () => body,
      );
      return { ...cell, source: [text] };
    }),
  );
}

export const right: readonly Right[] = [
  { name: 'Part 1 as it is', kind: '1', notebook: () => submission('1') },
  { name: 'Part 2 as it is', kind: '2', notebook: () => submission('2') },
  { name: 'Part 3.1 as it is', kind: '3.1', notebook: () => submission('3.1') },
  { name: 'Part 3.2 as it is, untrained', kind: '3.2', notebook: () => submission('3.2') },
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
    name: 'a bend found by another optimizer in other epochs',
    kind: '2',
    notebook: () =>
      wholePart('2', [
        [
          'task-2-2-fit',
          'SGD({\n    learningRate: settings.learningRate,\n    momentum: settings.momentum,\n  })',
          'Adam({ learningRate: 0.002 })',
        ],
        ['settings', 'epochs: small ? 30 : 100', 'epochs: small ? 25 : 100'],
        ['settings', 'learningRate: 0.05', 'learningRate: 0.002'],
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
    name: 'an answer given again at the end',
    kind: '2',
    notebook: () =>
      withCell(
        answering('2', 'task-2-3-basis', "throw new Error('not yet');"),
        `function orthogonalDirections(w1: StateDict, w2: StateDict, theta: StateDict) {
  const u = subtract(w2, w1);
  const v = subtract(theta, w1);
  const along = dot(u, v) / dot(u, u);
  return { u, v: Object.fromEntries(Object.keys(v).map((n) => [n, v[n].sub(u[n].mul(along))])) };
}`,
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
    name: 'a loss as a list of one number',
    kind: '2',
    notebook: () =>
      changing(submission('2'), (cells) =>
        cells.map((cell) => {
          if (cell.id !== 'task-2-2-gradient') return cell;
          const text = cellText(cell)
            .replace('let loss = 0', 'let loss: any')
            .replace('value.dataSync()[0]', 'value.dataSync()');
          return { ...cell, source: [text] };
        }),
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
    name: 'functions as constants',
    kind: '2',
    notebook: () =>
      changing(submission('2'), (cells) =>
        cells.map((cell) =>
          cell.id === 'task-2-1-function'
            ? {
                ...cell,
                source: [
                  `const getStateDictFromChain = (t: number, a: StateDict, b: StateDict, c: StateDict) => {
  const out: Record<string, tf.Tensor> = {};
  for (const n in a) {
    if (t < 0.5) out[n] = a[n].add(c[n].sub(a[n]).mul(t / 0.5));
    else out[n] = c[n].add(b[n].sub(c[n]).mul((t - 0.5) / 0.5));
  }
  return out;
};`,
                ],
              }
            : cell,
        ),
      ),
  },
  {
    name: 'the gradient straight through φ, by the chain rule of tfjs',
    kind: '2',
    notebook: () =>
      answering(
        '2',
        'task-2-2-gradient',
        `const weights = (ws: tf.Tensor[]) => getStateDictFromChain(t, w1, w2, named(ws));
  const f = (...ws: tf.Tensor[]) => crossEntropy(apply(network, weights(ws), x), y);
  const { value, grads } = tf.valueAndGrads(f)(names.map((n) => theta[n]));
  return { loss: value.arraySync() as number, gradient: named(grads) };`,
      ),
  },
  {
    name: 'a basis of length one, exchanged and negated',
    kind: '2',
    notebook: () =>
      submission('2', [
        [
          'task-2-3-basis',
          'return { u: u, v: hatV };',
          `const unit = (w: StateDict, sign: number) => {
    const length = norm(w);
    return Object.fromEntries(Object.entries(w).map(([n, x]) => [n, x.mul(sign / length)]));
  };
  return { u: unit(hatV, -1), v: unit(u, 1) };`,
        ],
      ]),
  },
  {
    name: 'a basis that begins with the way to θ',
    kind: '2',
    notebook: () =>
      submission('2', [
        [
          'task-2-3-basis',
          'subtract(stateDictAtW2, stateDictAtW1)',
          'subtract(theta, stateDictAtW1)',
        ],
        [
          'task-2-3-basis',
          'const v = subtract(theta, stateDictAtW1)',
          'const v = subtract(stateDictAtW2, theta)',
        ],
      ]),
  },
  {
    name: 'a grid measured point by point',
    kind: '2',
    notebook: () =>
      answering(
        '2',
        'task-2-4-grid',
        `const { aRange, bRange, nx, ny } = rectangle;
  const [as, bs] = [linspace(aRange[0], aRange[1], nx), linspace(bRange[0], bRange[1], ny)];
  const at = (a: number, b: number): StateDict =>
    named(names.map((n) => plane.origin[n].add(plane.u[n].mul(a)).add(plane.v[n].mul(b))));
  const grid = { as, bs, trainLoss: [], trainAcc: [], testLoss: [], testAcc: [] } as any;
  for (const b of bs) {
    const row = [];
    for (const a of as) {
      const w = at(a, b);
      row.push(await evaluatePath(network, line(w, w), [0], datasets));
    }
    for (const q of ['trainLoss', 'trainAcc', 'testLoss', 'testAcc'] as const) {
      grid[q].push(row.map((figures) => figures[q][0]));
    }
  }
  return grid;`,
      ),
  },
  {
    name: 'measures written out',
    kind: '3.1',
    notebook: () =>
      answering(
        '3.1',
        'task-3-1-measure',
        `const loss = onSegment.trainLoss;
  const ends = (loss[0] + loss[loss.length - 1]) / 2;
  let highest = -Infinity;
  for (const l of onChain.trainLoss) if (l > highest) highest = l;
  return {
    lineBarrier: loss.reduce((a, b) => Math.max(a, b)) - ends,
    chainMaximum: highest,
    worstTestAccOnChain: [...onChain.testAcc].sort((a, b) => a - b)[0],
  };`,
      ),
  },
  {
    name: 'a wide network of sigmoids, and a deep one',
    kind: '3.1',
    notebook: () =>
      answering(
        '3.1',
        'task-3-1-networks',
        `return {
    wide: ClassifierFC({ ...images, hiddenDim: 100, numHidden: 1, nonlinearity: 'sigmoid' }),
    deep: ClassifierFC({ ...images, hiddenDim: 64, numHidden: 2, nonlinearity: 'relu' }),
    'ReLU 1×64': baseline,
  };`,
      ),
  },
  {
    name: 'a grid by two loops, as the text says, that tells how far it is',
    kind: '2',
    notebook: () =>
      answering(
        '2',
        'task-2-4-grid',
        `const as = linspace(...rectangle.aRange, rectangle.nx);
  const bs = linspace(...rectangle.bRange, rectangle.ny);
  const [trainLoss, trainAcc, testLoss, testAcc]: number[][][] = [[], [], [], []];
  let done = 0;
  for (const [j, b] of bs.entries()) {
    for (const list of [trainLoss, trainAcc, testLoss, testAcc]) list.push([]);
    for (const a of as) {
      const weights = linearCombination([1, a, b], [plane.origin, plane.u, plane.v]);
      const model = { network: network, weights: weights };
      const onTrain = await performEpoch(model, wholeTrainLoader, crossEntropy);
      const onTest = await performEpoch(model, testLoader, crossEntropy);
      disposeStateDict(weights);
      trainLoss[j].push(onTrain.loss);
      trainAcc[j].push(onTrain.accuracy);
      testLoss[j].push(onTest.loss);
      testAcc[j].push(onTest.accuracy);
      options.onPoint?.(++done, as.length * bs.length);
    }
  }
  return { as, bs, trainLoss, trainAcc, testLoss, testAcc };`,
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
    name: 'answers in another order',
    kind: '2',
    notebook: () =>
      changing(submission('2'), (cells) => {
        const basis = cells.filter(({ id }) => id === 'task-2-3-basis');
        const rest = cells.filter(({ id }) => id !== 'task-2-3-basis');
        return [...rest.slice(0, 4), ...basis, ...rest.slice(4)];
      }),
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
  {
    name: 'an answer to another task missing',
    kind: '3.1',
    notebook: () => withCell(submission('3.1'), "console.log('no time for the comparison');"),
  },
];
