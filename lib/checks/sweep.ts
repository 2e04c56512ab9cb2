import type { Network } from '../nn';
import { linspace, measurePath, type PathFigures } from '../paths';
import { type Generator, generator } from '../random';
import { type Check, check, withFields } from './check';
import {
  type Candidates,
  compareFigures,
  drawTelling,
  separation,
  type Tolerance,
} from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';

/** What Task 3.1 asks of a pair of minima. Losses in nats, accuracies in [0, 1]. */
export interface PairMeasures {
  /** Barrier (a) of the line: the largest train loss over the mean of the ends. */
  readonly lineBarrier: number;
  readonly chainMaximum: number;
  readonly worstTestAccOnChain: number;
}

/** Task 3.1's function: what is measured of a pair of minima, from the figures at each t. */
export type MeasurePair = (
  ts: number[],
  onSegment: PathFigures,
  onChain: PathFigures,
) => PairMeasures;

/** The name under which the notebook compares its own baseline. */
const BASELINE = 'ReLU 1×64';

/**
 * Task 3.1: networks that differ from the first one in depth, in width and in nonlinearity; of one
 * that differs in all nobody could tell what made the difference.
 *
 * @param baseline the network that the others are compared with
 * @param answer the student's function, which gives networks by their names
 * @example
 * ```ts
 * const of = (hiddenDim: number, numHidden: number, nonlinearity: Nonlinearity) =>
 *   ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim, numHidden, nonlinearity });
 * const { findings } = await checkNetworks(network, () => ({
 *   deeper: of(3, 3, 'tanh'),
 *   wider: of(9, 1, 'tanh'),
 *   sigmoid: of(3, 1, 'sigmoid'),
 * }));
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export function checkNetworks(
  baseline: Network,
  answer: () => Readonly<Record<string, Network>>,
): Promise<Check> {
  let asked: Readonly<Record<string, Network>> | undefined;
  const networks = () => {
    asked ??= answer();
    return asked;
  };
  const same = (a: Network, b: Network) => JSON.stringify(a.layers) === JSON.stringify(b.layers);
  /** Those that are compared: the notebook puts the baseline in the place of one of its name. */
  const others = () =>
    Object.entries(networks())
      .filter(([name, network]) => name !== BASELINE && !same(network, baseline))
      .map(([, network]) => network);
  const depth = ({ layers }: Network) => layers.filter(({ kind }) => kind === 'dense').length;
  const width = ({ layers }: Network) =>
    Math.max(
      0,
      ...layers.slice(0, -1).flatMap((layer) => (layer.kind === 'dense' ? [layer.outputs] : [])),
    );
  const deeper = () => others().filter((network) => depth(network) > depth(baseline));
  const wider = () => others().filter((network) => width(network) > width(baseline));
  return check(
    { task: '3.1', name: 'checkNetworks' },
    {
      'every one takes the images of MNIST and has ten outputs': () => {
        const all = Object.entries(networks());
        if (all.length === 0) return 'there is none';
        const other = all.find(
          ([, { inputShape, outputSize }]) =>
            inputShape.join() !== baseline.inputShape.join() || outputSize !== baseline.outputSize,
        );
        return other && `${other[0]} does not`;
      },
      'every one has a name of its own': () => {
        const all = networks();
        if (Object.keys(all).length === 0) return 'there is none';
        const taken = all[BASELINE];
        if (taken === undefined || same(taken, baseline)) return undefined;
        return `'${BASELINE}' is the name of the baseline, which takes the place of yours: give yours another`;
      },
      'one is deeper': () =>
        deeper().length > 0 ? undefined : `none has more than ${depth(baseline) - 1} hidden layer`,
      'another one is wider': () => {
        const [deep, wide] = [deeper(), wider()];
        if (wide.length === 0) return `none has more than ${width(baseline)} neurons in a layer`;
        const apart = wide.some((one) => deep.some((other) => !same(one, other)));
        return deep.length === 0 || apart
          ? undefined
          : 'the only one that is wider is the only one that is deeper, too: which of both made the difference?';
      },
      'one has sigmoids': () =>
        others().some(({ layers }) => layers.some(({ kind }) => kind === 'sigmoid'))
          ? undefined
          : 'none has',
    },
  );
}

/** A made-up pair, what is right of it, and what a mistake gives. */
interface Pair {
  readonly ts: number[];
  readonly segment: PathFigures;
  readonly chain: PathFigures;
  readonly right: PairMeasures;
  readonly wrong: Readonly<Record<keyof PairMeasures, Candidates>>;
}

const POINTS = [11, 7] as const;

/**
 * Task 3.1's measures of a pair, tried on made-up curves.
 *
 * @param answer the student's function
 * @param seed seed of the curves that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkMeasures((ts, onSegment, onChain) => ({
 *   lineBarrier: measurePath(ts, onSegment.trainLoss).barrierA,
 *   chainMaximum: Math.max(...onChain.trainLoss),
 *   worstTestAccOnChain: Math.min(...onChain.testAcc),
 * }));
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkMeasures(answer: MeasurePair, seed = 5): Promise<Check> {
  const drawn = async (k: number, before?: Pair) =>
    await drawTelling(
      async (attempt) => somePair(POINTS[k]!, generator(seed, k, attempt)),
      ({ right, wrong }) =>
        Math.min(
          ...measures.map((name) => {
            const kept = before && { 'that of the curves before': [before.right[name]] };
            return separation([right[name]], { ...wrong[name], ...kept }, ROUNDED);
          }),
        ),
    );
  const first = await drawn(0);
  // An answer that keeps what it found first is wrong of the second.
  const pairs = [first, await drawn(1, first)];
  const changed = watch({
    ts: pairs.map(({ ts }) => ts),
    'the figures of the segment': pairs.map(({ segment }) => segment),
    'the figures of the chain': pairs.map(({ chain }) => chain),
  });
  let asked: readonly PairMeasures[] | undefined;
  const is = (name: keyof PairMeasures) => () => {
    asked ??= pairs.map(({ ts, segment, chain }) => answer(ts, segment, chain));
    for (const [k, got] of asked.entries()) {
      const { right, wrong } = pairs[k]!;
      const value = withFields(got, name)[name];
      const words = { these: 'it is', wanted: 'it should be' };
      const place = () => 'on curves made up for this';
      const hint = compareFigures([value], [right[name]], wrong[name], place, ROUNDED, words);
      if (hint !== undefined) return hint;
    }
    return undefined;
  };
  return await check(
    { task: '3.1', name: 'checkMeasures' },
    {
      'lineBarrier is barrier (a) of the train loss on the line': is('lineBarrier'),
      'chainMaximum is the largest train loss on the chain': is('chainMaximum'),
      'worstTestAccOnChain is the least test accuracy there': is('worstTestAccOnChain'),
      [AS_BEFORE]: leavesAsBefore(changed),
    },
  );
}

const measures = ['lineBarrier', 'chainMaximum', 'worstTestAccOnChain'] as const;
/** A figure may be rounded to three places. */
const ROUNDED: Tolerance = { absolute: 6e-4, relative: 0 };

function somePair(points: number, random: Generator): Pair {
  const ts = linspace(0, 1, points);
  const curve = () => ts.map(() => random.uniform());
  const figures = (): PathFigures => ({
    ts: [...ts],
    trainLoss: curve(),
    trainAcc: curve(),
    testLoss: curve(),
    testAcc: curve(),
  });
  const [segment, chain] = [figures(), figures()];
  const straight = measurePath(ts, segment.trainLoss);
  const bent = measurePath(ts, chain.trainLoss);
  const least = (values: readonly number[]) => Math.min(...values);
  return {
    ts,
    segment,
    chain,
    right: {
      lineBarrier: straight.barrierA,
      chainMaximum: bent.maximum,
      worstTestAccOnChain: least(chain.testAcc),
    },
    wrong: {
      lineBarrier: {
        'barrier (b)': [straight.barrierB],
        'the raw maximum': [straight.maximum],
        'that of the test loss': [measurePath(ts, segment.testLoss).barrierA],
        'that of the chain': [bent.barrierA],
      },
      chainMaximum: {
        'that of the line': [straight.maximum],
        'the largest test loss': [Math.max(...chain.testLoss)],
        'the mean': [bent.uniformMean],
        'the barrier of the chain': [bent.barrierA],
      },
      worstTestAccOnChain: {
        'the best one': [Math.max(...chain.testAcc)],
        'the train accuracy': [least(chain.trainAcc)],
        'that of the line': [least(segment.testAcc)],
      },
    },
  };
}
