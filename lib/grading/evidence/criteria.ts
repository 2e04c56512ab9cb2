import {
  type Check,
  checkBasis,
  checkBend,
  checkBendGradient,
  checkChain,
  checkInterpolation,
  checkLines,
  checkMeasures,
  checkMinima,
  checkNetworks,
  checkPlane,
  checkStatistics,
} from '../../checks';
import { asPoint } from '../../checks/points';
import { type Batch, type Dataset, dataLoader, loadMnist, subset } from '../../data';
import { InputError } from '../../errors';
import { ClassifierFC, initialize, type Network } from '../../nn';
import { type Datasets, distance, labelsAlong, line } from '../../paths';
import { disposeStateDict, equal, linearCombination, norm, type StateDict } from '../../weights';
import { asNetwork, asNetworks, hasBatchNorm } from './claims';

/** What a criterion has to judge by: claims are data, functions are to be called. */
export interface Given {
  readonly claims: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: a student's functions are what they are
  readonly functions: Readonly<Record<string, any>>;
  /** Draws the inputs of this run. */
  readonly seed: number;
  /** The size that the submission was carried out at. */
  readonly small: boolean;
}

/** One automatic criterion: what is taken from the notebook, and what must hold of it. */
export interface Criterion {
  /** The id of the check's cell in the workbook, which has the points. */
  readonly id: string;
  /** Data by what they are called here: expressions in the notebook. */
  readonly claims: Readonly<Record<string, string>>;
  /** Names of functions in the notebook. */
  readonly functions: readonly string[];
  /** Those that are tried where they are there, and cost nothing where they are not. */
  readonly tries?: readonly string[];
  /** The function of an earlier task that answers may call, and pathlab has as well. */
  readonly buildsOn?: string;
  readonly judge: (given: Given) => Promise<Check>;
}

const network = { network: 'network' };
const ends = { w1: 'w1', w2: 'w2' };

/** The criteria of all parts, in the order of the workbook. */
export const criteria: readonly Criterion[] = [
  {
    id: 'task-1-1-check',
    claims: { ...network, inits: 'stateDictsAtInits', minima: 'stateDictsAtMinima' },
    functions: [],
    tries: ['trainOnce'],
    judge: async ({ claims, functions, small }) => {
      const net = ofMnist(claims.network);
      const { inits, minima } = pairs(claims);
      const { train, test } = await someMnist(small);
      await requireTwoNets(net, minima, test);
      return await checkMinima({
        task: '1.1',
        network: net,
        inits,
        minima,
        train,
        test,
        ...(functions.trainOnce && { trainOnce: functions.trainOnce }),
        leastAccuracy: 1,
      });
    },
  },
  {
    id: 'task-1-2-interpolate-check',
    claims: {},
    functions: ['interpolateBetweenStateDicts'],
    judge: ({ functions, seed }) =>
      checkInterpolation(functions.interpolateBetweenStateDicts, seed),
  },
  {
    id: 'task-1-2-lines-check',
    claims: network,
    functions: ['endsOfModes', 'evaluateOnLine'],
    buildsOn: 'interpolateBetweenStateDicts',
    judge: async ({ claims, functions, seed, small }) =>
      await checkLines(
        ofMnist(claims.network),
        await someMnist(small),
        functions.endsOfModes,
        functions.evaluateOnLine,
        seed,
      ),
  },
  {
    id: 'task-2-1-check',
    claims: {},
    functions: ['getStateDictFromChain'],
    judge: ({ functions, seed }) => checkChain(functions.getStateDictFromChain, seed),
  },
  {
    id: 'task-2-2-gradient-check',
    claims: { ...network, ...ends },
    functions: ['gradientAtTheta'],
    buildsOn: 'getStateDictFromChain',
    judge: async ({ claims, functions, seed, small }) => {
      const net = ofMnist(claims.network);
      const [w1, w2] = [asPoint(net, claims.w1), asPoint(net, claims.w2)];
      const batch = someBatch(await someMnist(small), seed);
      // Near the midpoint, where the notebook begins, and nowhere that it knows.
      const away = initialize(net, seed);
      const theta = linearCombination([0.5, 0.5, 0.2], [w1, w2, away]);
      const chain = { network: net, w1, w2 };
      try {
        return await checkBendGradient(chain, functions.gradientAtTheta, theta, batch, seed + 1);
      } finally {
        disposeStateDict(away, theta, { x: batch.x, y: batch.y });
      }
    },
  },
  {
    id: 'task-2-2-check',
    claims: { ...network, ...ends, theta: 'stateDictAtTheta' },
    functions: [],
    judge: async ({ claims, small }) => {
      const net = withoutBatchNorm(claims.network);
      const { train, test } = await someMnist(small);
      return await checkBend({
        task: '2.2',
        network: net,
        ...(await twoMinima(net, claims, test)),
        theta: asPoint(net, claims.theta),
        train,
        share: small ? 0.3 : 0.1,
        leastAccuracy: small ? 0.97 : 0.99,
      });
    },
  },
  {
    id: 'task-2-3-check',
    claims: {},
    functions: ['orthogonalDirections'],
    judge: ({ functions, seed }) => checkBasis(functions.orthogonalDirections, seed),
  },
  {
    id: 'task-2-4-check',
    claims: network,
    functions: ['evaluateOnPlane'],
    judge: async ({ claims, functions, seed, small }) =>
      await checkPlane(
        ofMnist(claims.network),
        await someMnist(small),
        functions.evaluateOnPlane,
        seed,
      ),
  },
  {
    id: 'task-3-1-networks-check',
    claims: {},
    functions: ['networksToCompare'],
    judge: ({ functions }) =>
      checkNetworks(baseline, () => asNetworks(functions.networksToCompare())),
  },
  {
    id: 'task-3-1-measure-check',
    claims: {},
    functions: ['measurePair'],
    judge: ({ functions, seed }) => checkMeasures(functions.measurePair, seed),
  },
  {
    id: 'task-3-2-minima-check',
    claims: { ...network, inits: 'stateDictsAtInits', minima: 'minima' },
    functions: [],
    judge: async ({ claims, small }) => {
      return await checkMinima({
        task: '3.2',
        network: withBatchNorm(claims.network),
        ...pairs(claims),
        train: (await fewMnist(small)).train,
        leastAccuracy: small ? 0.3 : 0.99,
      });
    },
  },
  {
    id: 'task-3-2-statistics-check',
    claims: { ...network, ...ends },
    functions: ['evaluateOnPath'],
    judge: async ({ claims, functions, seed, small }) => {
      const net = withBatchNorm(claims.network);
      const [w1, w2] = [asPoint(net, claims.w1), asPoint(net, claims.w2)];
      const datasets = await fewMnist(small);
      return await checkStatistics(net, datasets, w1, w2, functions.evaluateOnPath, seed);
    },
  },
  {
    id: 'task-3-2-bend-check',
    claims: { ...network, ...ends, theta: 'stateDictAtTheta' },
    functions: [],
    judge: async ({ claims, small }) => {
      const net = withBatchNorm(claims.network);
      const { train, test } = await fewMnist(small);
      return await checkBend({
        task: '3.2',
        network: net,
        ...(await twoMinima(net, claims, test)),
        theta: asPoint(net, claims.theta),
        train,
        share: small ? 0.8 : 0.1,
        leastAccuracy: small ? 0.2 : 0.95,
      });
    },
  },
];

const baseline: Network = ClassifierFC({
  inputShape: [1, 28, 28],
  outputSize: 10,
  hiddenDim: 64,
  numHidden: 1,
  nonlinearity: 'relu',
});

/** The images of Parts 1 and 2 at a size, as the workbook's data cells draw them. */
const someMnist = (small: boolean) => (small ? images(6000, 1000) : images(60000, 10000));
/** The images of Part 3.2. */
const fewMnist = (small: boolean) => (small ? images(400, 200) : images(5000, 1000));

/** What has been loaded is kept for the next submission. */
const loaded = new Map<number, Promise<Datasets>>();

function images(train: number, test: number): Promise<Datasets> {
  const load = async () => {
    const mnist = await loadMnist();
    return { train: subset(mnist.train, train, 42), test: subset(mnist.test, test, 42) };
  };
  const datasets = loaded.get(train) ?? load();
  loaded.set(train, datasets);
  datasets.catch(() => loaded.delete(train));
  return datasets;
}

function someBatch({ train }: Datasets, seed: number): Batch {
  return dataLoader(train, { batchSize: 128, shuffle: seed })[Symbol.iterator]().next()
    .value as Batch;
}

/** @throws InputError unless it is a network for the digits that is judged in time */
function ofMnist(value: unknown): Network {
  const net = asNetwork(value);
  if (net.inputShape.join() === '1,28,28' && net.outputSize === 10) return net;
  throw new InputError(
    `network: expected one of images [1, 28, 28] with 10 outputs, got [${net.inputShape.join(', ')}] ` +
      `and ${net.outputSize}`,
  );
}

/**
 * The parts have points of the same names; so that those of one earn nothing in another, each takes
 * its own kind of network.
 *
 * @throws InputError on a network of the other kind
 */
function withBatchNorm(value: unknown): Network {
  const net = ofMnist(value);
  if (!hasBatchNorm(net)) throw new InputError('Task 3.2 is about a network with BatchNorm');
  return net;
}

function withoutBatchNorm(value: unknown): Network {
  const net = ofMnist(value);
  if (hasBatchNorm(net)) throw new InputError('Task 2.2 is about a network without BatchNorm');
  return net;
}

/**
 * Points as they are claimed, of which the check says which are none.
 *
 * @throws InputError unless they are lists
 */
function pairs(claims: Given['claims']): { inits: StateDict[]; minima: StateDict[] } {
  const { inits, minima } = claims;
  if (Array.isArray(inits) && Array.isArray(minima)) return { inits, minima };
  throw new InputError('there are no lists of state dicts, of inits and of minima');
}

/** @throws InputError when both are about the same point or one net, between which a chain is low */
async function twoMinima(
  net: Network,
  claims: Given['claims'],
  test: Dataset,
): Promise<{ w1: StateDict; w2: StateDict }> {
  const [w1, w2] = [asPoint(net, claims.w1), asPoint(net, claims.w2)];
  if (distance(w1, w2) <= 0.3 * norm(w1)) {
    throw new InputError('w1 and w2 are about the same point, so there is no ridge between them');
  }
  await requireTwoNets(net, [w1, w2], test);
  return { w1, w2 };
}

/**
 * One net can have many points of weight space, by the order of its neurons or the sizes of their
 * weights. Two that were trained apart, on whatever images, part where none was trained: on two
 * images laid over each other.
 *
 * @throws InputError when two points give the same label to every one of these
 */
async function requireTwoNets(
  net: Network,
  points: readonly unknown[],
  test: Dataset,
): Promise<void> {
  const [a, b] = points.map((point) => pointOrNone(net, point));
  // Of what is no point, the very same, or diverged, the check tells more.
  if (!a || !b || equal(a, b) || ![a, b].every((point) => Number.isFinite(norm(point)))) return;
  const overlaid = overlay(test);
  const [ofA, ofB] = await labelsAlong(net, line(b, a), [0, 1], overlaid);
  const known = new Set(ofA!);
  if (known.size === 1 || ofA!.some((label, i) => label !== ofB![i])) return;
  throw new InputError(
    `the two minima give the same label to each of ${overlaid.length} pairs of test images laid ` +
      'over each other: they are one net',
  );
}

function pointOrNone(net: Network, value: unknown): StateDict | undefined {
  try {
    return asPoint(net, value);
  } catch {
    return undefined;
  }
}

/** Each image with the next one over it, half of either. */
function overlay(dataset: Dataset): Dataset {
  const { images, length } = dataset;
  const pixels = images.length / length;
  const mixed = images.map((byte, i) => (byte + images[(i + pixels) % images.length]!) >> 1);
  return { ...dataset, name: `${dataset.name}, overlaid`, images: mixed };
}
