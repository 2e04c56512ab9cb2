import { submission, withCell } from '../../submit';
import { answering, type Right } from './answering';

export const part3: readonly Right[] = [
  { name: 'Part 3.1 as it is', kind: '3.1', notebook: () => submission('3.1') },
  { name: 'Part 3.2 as it is, untrained', kind: '3.2', notebook: () => submission('3.2') },
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
    name: 'an answer to another task missing',
    kind: '3.1',
    notebook: () => withCell(submission('3.1'), "console.log('no time for the comparison');"),
  },
];
