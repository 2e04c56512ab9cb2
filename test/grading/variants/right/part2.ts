import { cellText } from '../../../../lib/ipynb';
import { submission, wholePart, withCell } from '../../submit';
import { answering, changing, type Right } from './answering';

export const part2: readonly Right[] = [
  { name: 'Part 2 as it is', kind: '2', notebook: () => submission('2') },
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
    name: 'answers in another order',
    kind: '2',
    notebook: () =>
      changing(submission('2'), (cells) => {
        const early = cells.filter(({ id }) => /^task-2-3-(imports|basis)$/.test(id));
        const rest = cells.filter((cell) => !early.includes(cell));
        const at = rest.findIndex(({ id }) => id === 'task-2-1-imports') + 1;
        return [...rest.slice(0, at), ...early, ...rest.slice(at)];
      }),
  },
];
