import * as tf from '@tensorflow/tfjs';
import { type DataLoader, type Dataset, dataLoader } from '../../lib/data';
import { ClassifierFC, initialize, type Network, sequential } from '../../lib/nn';
import { Adam, AdamW, cosineAnnealingLR, type Optimizer, SGD } from '../../lib/optim';
import { generator } from '../../lib/random';
import { sizeOf } from '../../lib/shape';
import { disposeStateDict, type StateDict } from '../../lib/weights';

/** What one case asks of both verbs: to evaluate at the points, and to descend from the last anchor. */
export interface Case {
  readonly network: Network;
  readonly anchors: readonly StateDict[];
  readonly points: readonly (readonly number[])[];
  readonly dataset: Dataset;
  readonly loader: DataLoader;
  readonly optimizer: Optimizer;
  /** Rates of the epochs, one each. */
  readonly rates: readonly number[];
  /** The coefficients of each batch if the descent goes in the family of all anchors. */
  readonly rows: readonly (readonly number[])[] | undefined;
  /** What is wrong with the case, if anything is. */
  readonly fault: string | undefined;
}

type Draw = ReturnType<typeof drawer>;

function drawer(seed: number, i: number) {
  const random = generator(seed, i);
  return {
    random,
    between: (from: number, to: number) => from + random.integer(to - from + 1),
    real: (from: number, to: number) => from + (to - from) * random.uniform(),
    chance: (p: number) => random.uniform() < p,
    oneOf: <T>(list: readonly T[]): T => list[random.integer(list.length)]!,
    list: <T>(length: number, f: (i: number) => T) => Array.from({ length }, (_, k) => f(k)),
  };
}

/** Case `i`: the same each time, in fresh tensors, which the caller disposes. */
export function fuzzCase(seed: number, i: number): Case {
  const draw = drawer(seed, i);
  const network = drawNetwork(draw);
  const dataset = drawDataset(draw, network);
  const count = draw.between(1, 5);
  const drawn = {
    network,
    dataset,
    anchors: draw.list(count, () => initialize(network, draw.between(0, 1e6))),
    points: drawPoints(draw, count),
    ...drawDescent(draw, dataset, count),
  };
  if (draw.chance(0.05)) spoilOne(draw, drawn.anchors);
  if (!draw.chance(0.4)) return { ...drawn, fault: undefined };
  const [fault, spoil] = draw.oneOf(Object.entries(faults));
  return { ...drawn, ...spoil(drawn, draw), fault };
}

function drawNetwork(draw: Draw): Network {
  const inputShape = [draw.between(1, 3), draw.between(1, 6), draw.between(1, 6)];
  const outputSize = draw.chance(0.03) ? 256 : draw.between(2, 12);
  const inputs = sizeOf(inputShape);
  if (draw.chance(0.1)) {
    return sequential(inputShape, [
      { kind: 'reshape', shape: [inputs] },
      { kind: 'dense', inputs, outputs: outputSize },
    ]);
  }
  return ClassifierFC({
    inputShape,
    outputSize,
    hiddenDim: draw.chance(0.1) ? draw.between(60, 130) : draw.between(1, 20),
    numHidden: draw.between(1, 4),
    nonlinearity: draw.oneOf(['relu', 'sigmoid', 'tanh']),
  });
}

function drawDataset(draw: Draw, { inputShape, outputSize }: Network): Dataset {
  const imageShape = inputShape as [number, number, number];
  const pixels = sizeOf(inputShape);
  const length = draw.chance(0.03) ? draw.between(500, 600) : draw.between(1, 40);
  const filled = draw.oneOf([0, 0.02, 0.2, 0.5, 1]);
  const emptyImages = draw.oneOf([0, 0, 0.5]);
  const images = new Uint8Array(length * pixels);
  for (let i = 0; i < length; i++) {
    if (draw.chance(emptyImages)) continue;
    for (let k = 0; k < pixels; k++) {
      if (draw.chance(filled)) images[i * pixels + k] = draw.between(1, 255);
    }
  }
  const labels = Uint8Array.from({ length }, () => draw.random.integer(outputSize));
  return { name: 'drawn', images, labels, imageShape, length, classes: outputSize };
}

/** Anywhere, with zeros and ones among the coefficients, or row by row on a grid. */
function drawPoints(draw: Draw, count: number): number[][] {
  const coefficient = () => draw.oneOf([0, 0, 1, 0.5, draw.real(-2, 3)]);
  if (draw.chance(0.5)) return draw.list(draw.between(1, 6), () => draw.list(count, coefficient));
  const moving = draw.random.integer(count);
  const row = draw.list(count, coefficient);
  return draw.list(draw.between(2, 6), (k) => row.map((c, at) => (at === moving ? k / 4 : c)));
}

function drawDescent(draw: Draw, dataset: Dataset, count: number) {
  const batchSize = draw.between(1, dataset.length > 40 ? 200 : 15);
  const shuffle = draw.chance(0.5) ? draw.between(0, 1000) : undefined;
  const drop = draw.chance(0.2) && batchSize <= dataset.length;
  const loader = dataLoader(dataset, { batchSize, shuffle, drop });
  const epochs = draw.between(1, 2);
  const schedule = cosineAnnealingLR({ epochs: 2 });
  const rate = draw.oneOf([0, 0.01, 0.05]);
  const weightDecay = draw.oneOf([0, 0.01]);
  const momentum = draw.oneOf([0, 0.5, 0.9]);
  const nesterov = momentum > 0 && draw.chance(0.5);
  const [beta1, beta2] = [draw.oneOf([0, 0.9]), draw.oneOf([0.9, 0.999])];
  // With a small ε Adam turns the last bit of a gradient that is 0 but for rounding into a step.
  const adam = { learningRate: rate, beta1, beta2, epsilon: 0.01, weightDecay };
  const optimizer = draw.oneOf([
    () => SGD({ learningRate: rate, momentum, nesterov, weightDecay }),
    () => Adam(adam),
    () => AdamW(adam),
  ])();
  // The chain's rows have the moving point last; a spoilt anchor is met with coefficient 0, too.
  const row = () => {
    const c = draw.oneOf([0, 1, draw.random.uniform()]);
    return [...draw.list(count - 1, (k) => (k === 0 ? 1 - c : draw.oneOf([0, 0.1]))), c];
  };
  const rows = count > 1 && draw.chance(0.5) ? draw.list(loader.length, row) : undefined;
  return { loader, optimizer, rates: draw.list(epochs, (epoch) => rate * schedule(epoch)), rows };
}

/** One number of an anchor becomes none, infinite, or such that sums overflow. */
function spoilOne(draw: Draw, anchors: StateDict[]): void {
  const at = draw.random.integer(anchors.length);
  const name = draw.oneOf(Object.keys(anchors[at]!));
  const tensor = anchors[at]![name]!;
  const values = tensor.dataSync().slice();
  const value = draw.oneOf([Number.NaN, Number.POSITIVE_INFINITY, -3e38]);
  values[draw.random.integer(values.length)] = value;
  anchors[at] = { ...anchors[at], [name]: tf.tensor(values, tensor.shape) };
  tensor.dispose();
}

type Drawn = Omit<Case, 'fault'>;

/** A network that is the same but for one more neuron a layer. */
const widened = ({ inputShape, outputSize }: Network) =>
  ClassifierFC({ inputShape, outputSize: outputSize + 1, hiddenDim: 21 });

const withLoader = ({ loader }: Drawn, dataset: Dataset) => ({
  dataset,
  loader: { ...loader, dataset },
});

function withWeights({ anchors }: Drawn, own: (weights: StateDict) => StateDict) {
  // The last anchor is the point that moves.
  return { anchors: [...anchors.slice(0, -1), own(anchors.at(-1)!)] };
}

/** Each makes a case wrong in one way. */
const faults: Record<string, (drawn: Drawn, draw: Draw) => Partial<Drawn>> = {
  'images of other sizes': (drawn, draw) => {
    const [c, h, w] = drawn.dataset.imageShape;
    const side = draw.oneOf([1, 3, 40]);
    const imageShape = [c, h + side, w + side] as const;
    const images = new Uint8Array(drawn.dataset.length * c * (h + side) * (w + side)).fill(9);
    return withLoader(drawn, { ...drawn.dataset, imageShape, images });
  },
  'as many pixels in another shape': (drawn) => {
    const [c, h, w] = drawn.dataset.imageShape;
    return withLoader(drawn, {
      ...drawn.dataset,
      imageShape: [1, 1, c * h * w + Number(c * h === 1)],
    });
  },
  'labels beyond the outputs': (drawn, draw) => {
    const { outputSize } = drawn.network;
    const labels = drawn.dataset.labels.slice();
    const label = draw.between(Math.min(outputSize, 255), 255);
    labels[draw.random.integer(labels.length)] = label;
    return withLoader(drawn, { ...drawn.dataset, labels });
  },
  'fewer images than it says': (drawn) =>
    withLoader(drawn, { ...drawn.dataset, length: drawn.dataset.length + 1 }),
  'weights of another network': (drawn) =>
    withWeights(drawn, (weights) => {
      disposeStateDict(weights);
      return initialize(widened(drawn.network), 1);
    }),
  'a tensor too few': (drawn) =>
    withWeights(drawn, (weights) => {
      const [name, ...others] = Object.keys(weights);
      weights[name!]!.dispose();
      return Object.fromEntries(others.map((other) => [other, weights[other]!]));
    }),
  'a tensor too many': (drawn) =>
    withWeights(drawn, (weights) => ({ ...weights, 'layers.99.bias': tf.zeros([1]) })),
  'a tensor that is disposed': (drawn) =>
    withWeights(drawn, (weights) => {
      Object.values(weights)[0]!.dispose();
      return weights;
    }),
  'a coefficient that is no number': (drawn, draw) => {
    const wrong = draw.oneOf([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    const spoil = (rows: Drawn['points']) => [
      ...rows.slice(0, -1),
      [...rows.at(-1)!.slice(1), wrong],
    ];
    return { points: spoil(drawn.points), rows: drawn.rows && spoil(drawn.rows) };
  },
  'a coefficient too many or too few': (drawn, draw) => {
    const change = draw.oneOf([
      (c: readonly number[]) => [...c, 0],
      (c: readonly number[]) => c.slice(1),
    ]);
    return { points: drawn.points.map(change), rows: drawn.rows?.map(change) };
  },
  'coefficients for a batch too few': ({ rows }) => ({ rows: rows?.slice(1) }),
  'no rate': (_, draw) => ({
    rates: [draw.oneOf([Number.NaN, -0.1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])],
  }),
  'an optimizer of another network': ({ network, optimizer }) => {
    const [at, gradient] = [1, 2].map((seed) => initialize(widened(network), seed));
    disposeStateDict(optimizer.step(at!, gradient!), at!, gradient!);
    return { optimizer };
  },
  'more batches than samples': (drawn) => ({
    loader: { ...drawn.loader, length: drawn.loader.length + 2 },
    rows: undefined,
  }),
  'no size of a batch': (drawn, draw) => ({
    loader: { ...drawn.loader, batchSize: draw.oneOf([0, -1, 1.5, Number.NaN]) },
  }),
  'an order beyond the dataset': (drawn, draw) => {
    const order = Uint32Array.from({ length: drawn.dataset.length }, (_, i) => i);
    order[draw.random.integer(order.length)] = draw.oneOf([order.length, 2 ** 32 - 1]);
    return { loader: { ...drawn.loader, nextOrder: () => order } };
  },
  'no sample': (drawn) => ({
    loader: dataLoader({ ...drawn.dataset, length: 0 }, { batchSize: 3 }),
    rows: undefined,
  }),
};
