import type { Network } from '../nn';
import { linspace, measurePath, type PathFigures } from '../paths';
import { generator } from '../random';
import { type Check, check, withFields } from './check';
import { compareFigures } from './figures';

/** What Task 3.1 asks of a pair of minima. Losses in nats, accuracies in [0, 1]. */
export interface PairMeasures {
  /** Barrier (a) of the line: the largest train loss over the mean of the ends. */
  readonly lineBarrier: number;
  readonly chainMaximum: number;
  readonly worstTestAccOnChain: number;
}

export type MeasurePair = (
  ts: number[],
  onSegment: PathFigures,
  onChain: PathFigures,
) => PairMeasures;

/** Task 3.1: networks that differ from the first one in depth, in width and in nonlinearity. */
export function checkNetworks(
  baseline: Network,
  answer: () => Readonly<Record<string, Network>>,
): Promise<Check> {
  let asked: Readonly<Record<string, Network>> | undefined;
  const networks = () => {
    asked ??= answer();
    return asked;
  };
  const some = (what: (network: Network) => boolean, hint: string) => () =>
    Object.values(networks()).some(what) ? undefined : hint;
  const depth = ({ layers }: Network) => layers.filter(({ kind }) => kind === 'dense').length;
  const width = ({ layers }: Network) =>
    Math.max(...layers.slice(0, -1).map((layer) => (layer.kind === 'dense' ? layer.outputs : 0)));
  return check('3.1', {
    'every one takes the images of MNIST and has ten outputs': () => {
      const all = Object.entries(networks());
      if (all.length === 0) return 'there is none';
      const other = all.find(
        ([, { inputShape, outputSize }]) =>
          inputShape.join() !== baseline.inputShape.join() || outputSize !== baseline.outputSize,
      );
      return other && `${other[0]} does not`;
    },
    'one is deeper': some(
      (network) => depth(network) > depth(baseline),
      `none has more than ${depth(baseline) - 1} hidden layer`,
    ),
    'one is wider': some(
      (network) => width(network) > width(baseline),
      `none has more than ${width(baseline)} neurons in a layer`,
    ),
    'one has sigmoids': some(
      ({ layers }) => layers.some(({ kind }) => kind === 'sigmoid'),
      'none has',
    ),
  });
}

/** Task 3.1's measures of a pair, tried on made-up curves. */
export function checkMeasures(answer: MeasurePair, seed = 5): Promise<Check> {
  const ts = linspace(0, 1, 11);
  const random = generator(seed);
  const curve = () => ts.map(() => random.uniform());
  const figures = (): PathFigures => ({
    ts: ts,
    trainLoss: curve(),
    trainAcc: curve(),
    testLoss: curve(),
    testAcc: curve(),
  });
  const [segment, chain] = [figures(), figures()];
  const straight = measurePath(ts, segment.trainLoss);
  const bent = measurePath(ts, chain.trainLoss);
  const is = (name: keyof PairMeasures, right: number, others: Record<string, number>) => () => {
    const got = withFields(answer([...ts], segment, chain), name)[name];
    const lists = Object.fromEntries(Object.entries(others).map(([k, v]) => [k, [v]]));
    const words = { these: 'it is', wanted: 'it should be' };
    return compareFigures([got], [right], lists, () => 'on curves made up for this', words);
  };
  const test = measurePath(ts, segment.testLoss);
  return check('3.1', {
    'lineBarrier is barrier (a) of the train loss on the line': is(
      'lineBarrier',
      straight.barrierA,
      {
        'barrier (b)': straight.barrierB,
        'the raw maximum': straight.maximum,
        'that of the test loss': test.barrierA,
        'that of the chain': bent.barrierA,
      },
    ),
    'chainMaximum is the largest train loss on the chain': is('chainMaximum', bent.maximum, {
      'that of the line': straight.maximum,
      'the largest test loss': Math.max(...chain.testLoss),
      'the mean': bent.uniformMean,
    }),
    'worstTestAccOnChain is the least test accuracy there': is(
      'worstTestAccOnChain',
      Math.min(...chain.testAcc),
      {
        'the best one': Math.max(...chain.testAcc),
        'the train accuracy': Math.min(...chain.trainAcc),
        'that of the line': Math.min(...segment.testAcc),
      },
    ),
  });
}
