import * as tf from '@tensorflow/tfjs';
import { layerSizes, type Network } from '../../nn';
import type { NativeOperation } from '../../nn/kind';
import { nativeOperationOf } from '../../nn/kinds';
import type { StateDict } from '../../weights';
import { requireSame } from './claims';
import type { Stretches } from './jobs';
import type { Layout } from './layout';
import { floats } from './memory';
import { PAIR, PANEL } from './panels';

/** A fully connected network as the kernels see it. */
export interface Plan {
  readonly layers: readonly DenseLayer[];
  readonly nonlinearity: number;
  /** Floats of all weights in the kernels' layout. */
  readonly size: number;
  /** The layout in memory: see assembly/plan.ts. */
  readonly numbers: readonly number[];
}

export interface DenseLayer {
  /** `layers.1`: what its tensors' names begin with. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly paddedInputs: number;
  readonly paddedOutputs: number;
  /** Columns of its matrix that lie together, one such panel behind the other. */
  readonly panel: number;
  /** Where its matrix and its bias begin, in floats. */
  readonly matrix: number;
  readonly bias: number;
}

const FLOAT = 4;

/** The nonlinearities' numbers in assembly/math.ts; 0 is none. */
const NUMBERS: Readonly<Partial<Record<NativeOperation, number>>> = {
  relu: 1,
  sigmoid: 2,
  tanh: 3,
};
/** Columns of the images are kept in 16 bits. */
const MOST_INPUTS = 65_536;
/** Labels are kept in 8 bits, and a tile's losses as one product in double precision. */
const MOST_CLASSES = 256;

const VECTOR = 4;
const roundUp = (n: number, unit: number) => Math.ceil(n / unit) * unit;

/** The plan of a network, if it is dense layers with one and the same nonlinearity between them. */
export function planOf(network: Network): Plan | undefined {
  const sizes = layerSizes(network);
  const steps = network.layers
    .map((layer, i) => ({ operation: nativeOperationOf(layer), i }))
    .filter(({ operation }) => operation !== 'keep');
  const between = steps.filter((_, k) => k % 2 === 1).map(({ operation }) => operation);
  const dense = steps.filter((_, k) => k % 2 === 0);
  if (steps.length % 2 === 0 || dense.some(({ operation }) => operation !== 'dense')) {
    return undefined;
  }
  const nonlinearity = between.length === 0 ? 0 : between[0] && NUMBERS[between[0]];
  if (nonlinearity === undefined || new Set(between).size > 1) return undefined;
  for (const layer of network.layers) {
    if (layer.kind === 'own') requireSame(network, layer);
  }
  const layers = dense.map(({ i }) => ({
    name: `layers.${i}`,
    inputs: sizes[i]!,
    outputs: sizes[i + 1]!,
  }));
  if (layers[0]!.inputs > MOST_INPUTS || layers.at(-1)!.outputs > MOST_CLASSES) return undefined;
  return laidOut(layers, nonlinearity, VECTOR);
}

/**
 * The same network as a step of a narrow one has it: the first layer's matrix lies in panels of sixteen
 * neurons, of which each belongs to one thread (assembly/step.ts).
 */
export const inFirstPanels = ({ layers, nonlinearity }: Plan): Plan =>
  laidOut(layers, nonlinearity, PANEL);

function laidOut(
  sizes: readonly Pick<DenseLayer, 'name' | 'inputs' | 'outputs'>[],
  nonlinearity: number,
  unit: number,
): Plan {
  const layers: DenseLayer[] = [];
  let size = 0;
  for (const { name, inputs, outputs } of sizes) {
    const below = layers.at(-1);
    const paddedInputs = below?.paddedOutputs ?? inputs;
    const paddedOutputs = roundUp(outputs, below ? VECTOR : unit);
    const panel = below || unit === VECTOR ? paddedOutputs : unit;
    const bias = size + paddedInputs * paddedOutputs;
    layers.push({ name, inputs, outputs, paddedInputs, paddedOutputs, panel, matrix: size, bias });
    size = bias + paddedOutputs;
  }
  const inputs = layers[0]!.inputs;
  const widths = layers.flatMap(({ outputs, paddedOutputs }) => [outputs, paddedOutputs]);
  return {
    layers,
    nonlinearity,
    size,
    numbers: [layers.length, nonlinearity, inputs, inputs, ...widths],
  };
}

/** Where the weights into a neuron begin, in floats; from one input to the next it is `panel`. */
const columnOf = ({ matrix, paddedInputs, panel }: DenseLayer, neuron: number) =>
  matrix + (neuron - (neuron % panel)) * paddedInputs + (neuron % panel);

/** Far enough below float32's 3·10³⁸ that no sum over 65 536 products of it overflows. */
const LARGEST_WEIGHT = 1e30;

/**
 * Whether all weights are finite, and small enough that sums over them are. Elsewhere the kernels
 * have other figures than the plain way: they leave out what is 0 times a weight, where NaN and ∞
 * would show, and combine layers' values where an anchor with coefficient 0 should not be seen.
 */
export const isTame = (stateDict: StateDict): boolean =>
  Object.values(stateDict).every((tensor) => {
    const known = tame.get(tensor.dataId);
    if (known !== undefined) return known;
    const values = tensor.dataSync();
    let i = 0;
    while (i < values.length && Math.abs(values[i]!) <= LARGEST_WEIGHT) i++;
    tame.set(tensor.dataId, i === values.length);
    return i === values.length;
  });

/** By what holds a tensor's numbers, which stay as they are: a variable gets another with its new ones. */
const tame = new WeakMap<object, boolean>();

/** Writes a state dict's values at `address` in the kernels' layout; 0 for a tensor it lacks. */
export function pack({ layers, size }: Plan, stateDict: StateDict, address: number): void {
  const to = floats(address, size).fill(0);
  for (const layer of layers) {
    const { name, inputs, outputs, panel, bias } = layer;
    const weight = stateDict[`${name}.weight`]?.dataSync();
    const values = stateDict[`${name}.bias`]?.dataSync();
    if (values) to.set(values, bias);
    if (!weight) continue;
    for (let o = 0; o < outputs; o++) {
      const column = columnOf(layer, o);
      for (let k = 0; k < inputs; k++) to[column + k * panel] = weight[o * inputs + k]!;
    }
  }
}

/** A state dict of the values at `address`. The caller disposes it. */
export function unpack({ layers, size }: Plan, address: number): StateDict {
  const from = floats(address, size);
  const stateDict: StateDict = {};
  for (const layer of layers) {
    const { name, inputs, outputs, panel, bias } = layer;
    const weight = new Float32Array(inputs * outputs);
    for (let o = 0; o < outputs; o++) {
      const column = columnOf(layer, o);
      for (let k = 0; k < inputs; k++) weight[o * inputs + k] = from[column + k * panel]!;
    }
    stateDict[`${name}.weight`] = tf.tensor2d(weight, [outputs, inputs]);
    stateDict[`${name}.bias`] = tf.tensor1d(from.slice(bias, bias + outputs));
  }
  return stateDict;
}

export function layoutOf(plan: Plan): Layout {
  const { size, layers } = plan;
  return {
    size,
    whole: size,
    names: layers.flatMap(({ name }) => [`${name}.weight`, `${name}.bias`]),
    pack: (stateDict, address) => pack(plan, stateDict, address),
    unpack: (address) => unpack(plan, address),
  };
}

/** Pairs of pixels for which there is room: see step.ts. */
const MOST_PAIRS = 2 ** 20;

/** Bytes that a step needs besides weights and gradient, for a batch of `rows` samples: see step.ts. */
export function stepScratch({ layers }: Plan, rows: number): number {
  const values = layers.reduce((sum, { paddedOutputs }) => sum + paddedOutputs, 0);
  const later = layers.slice(1);
  const matrices = later.reduce((sum, one) => sum + one.paddedInputs * one.paddedOutputs, 0);
  const totals = rows * 4;
  const { inputs } = layers[0]!;
  const part = Math.min(rows, Math.max(Math.floor(MOST_PAIRS / inputs), 1));
  const pairs = part * inputs * PAIR + roundUp(part, 16) * FLOAT;
  return (2 * rows * values + matrices + totals) * FLOAT + pairs;
}

/**
 * The weights that one of so many threads moves: into its neurons of the first layer, out of its others.
 * Neurons are shared in whole panels.
 */
export function ownWeights({ layers }: Plan, thread: number, threads: number): Stretches[] {
  const shareOf = (neurons: number) =>
    [thread, thread + 1].map((i) =>
      Math.min(neurons, PANEL * Math.floor((Math.ceil(neurons / PANEL) * i) / threads)),
    ) as [begin: number, end: number];
  const [first, ...later] = layers;
  const { inputs, paddedOutputs, panel, bias: biasAt } = first!;
  const [begin, end] = shareOf(paddedOutputs);
  const width = (end - begin) * FLOAT;
  const isWhole = panel === paddedOutputs;
  const matrix = isWhole
    ? { from: begin * FLOAT, lines: inputs, bytes: width, next: paddedOutputs * FLOAT }
    : { from: begin * inputs * FLOAT, lines: 1, bytes: inputs * width, next: 0 };
  const bias = { from: (biasAt + begin) * FLOAT, lines: 1, bytes: width, next: 0 };
  const out = later.map(({ matrix, paddedInputs, paddedOutputs }) => {
    const [begin, end] = shareOf(paddedInputs);
    const rows = end - begin + Number(thread === threads - 1);
    const from = (matrix + begin * paddedOutputs) * FLOAT;
    return { from, lines: 1, bytes: rows * paddedOutputs * FLOAT, next: 0 };
  });
  return [matrix, bias, ...out];
}
