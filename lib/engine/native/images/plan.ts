import type { Network } from '../../../nn';
import { stateDictShapes } from '../../../nn/network';
import { sizeOf } from '../../../shape';
import type { Ends } from '../sparse';
import {
  type Convolve,
  type Description,
  describe,
  type Operation,
  type Value,
} from './description';

/** A network of images as the kernels see it: see assembly/images/layout.ts. */
export interface ImagePlan {
  readonly operations: readonly Operation[];
  readonly values: readonly Room[];
  /** Where each operation's weights begin, and its running statistics, in floats. */
  readonly weights: readonly number[];
  readonly running: readonly number[];
  /** Floats that an optimizer moves, and those with the running statistics behind them. */
  readonly size: number;
  readonly whole: number;
  readonly tensors: readonly PlacedTensor[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** From the pixels to the classes. */
  readonly layers: readonly [Ends];
}

/** A value with channels up to a multiple of eight, and a border of zeros. */
export interface Room extends Value {
  readonly padded: number;
  readonly border: number;
}

/** Where the numbers of a tensor are among the weights. */
export interface PlacedTensor {
  readonly name: string;
  readonly positions: ArrayLike<number>;
}

/** Columns of the images are kept in 16 bits, labels in 8. */
const MOST_INPUTS = 65_536;
const MOST_CLASSES = 256;
/** Outputs of a panel of weights. */
const PANEL = 8;
const FLOATS_OF_VECTOR = 4;

const pad = (n: number, to: number) => Math.ceil(n / to) * to;
const plans = new WeakMap<Network, ImagePlan | 'none'>();

/** The plan of a network, if there are kernels for all of its layers. */
export function imagePlanOf(network: Network): ImagePlan | undefined {
  const known = plans.get(network) ?? makePlan(network) ?? 'none';
  plans.set(network, known);
  return known === 'none' ? undefined : known;
}

function makePlan(network: Network): ImagePlan | undefined {
  const pixels = sizeOf(network.inputShape);
  const classes = network.outputSize;
  if (pixels > MOST_INPUTS || classes > MOST_CLASSES) return undefined;
  const description = describe(network);
  if (description === undefined) return undefined;
  const { operations } = description;
  const values = roomsOf(description);
  const tensors: PlacedTensor[] = [];
  const [weights, running]: [number[], number[]] = [[], []];
  let size = 0;
  for (const operation of operations) {
    weights.push(size);
    const own = tensorsOf(operation, values, size);
    tensors.push(...own.tensors);
    size += own.floats;
  }
  let whole = size;
  for (const { work, name, from } of operations) {
    const before = running.at(-1) ?? 0;
    running.push(work.kind === 'normalise' ? before : whole);
    if (work.kind !== 'measure') continue;
    const { channels, padded } = values[from]!;
    tensors.push(row(`${name}.running_mean`, whole, channels));
    tensors.push(row(`${name}.running_var`, whole + padded, channels));
    whole += 2 * padded;
  }
  const shapes = stateDictShapes(network);
  const layers: [Ends] = [{ inputs: pixels, outputs: classes }];
  return { operations, values, weights, running, size, whole, tensors, shapes, layers };
}

const row = (name: string, at: number, length: number): PlacedTensor => ({
  name,
  positions: Uint32Array.from({ length }, (_, i) => at + i),
});

/** Of an operation that has weights: its tensors, which begin at `at`. */
function tensorsOf({ work, name, from, to }: Operation, values: readonly Room[], at: number) {
  const [input, output] = [values[from]!, values[to]!];
  if (work.kind === 'measure') {
    const { channels, padded } = input;
    const tensors = [
      row(`${name}.weight`, at, channels),
      row(`${name}.bias`, at + padded, channels),
    ];
    return { tensors, floats: 0 };
  }
  if (work.kind === 'normalise') return { tensors: [], floats: 2 * input.padded };
  if (work.kind !== 'convolve') return { tensors: [], floats: 0 };
  const depth = work.size ** 2 * input.padded;
  const bias = at + depth * output.padded;
  const tensors = [
    placedKernel(`${name}.weight`, work, at, depth, input.padded),
    row(`${name}.bias`, bias, work.outputs),
  ];
  return { tensors, floats: depth * output.padded + output.padded };
}

function placedKernel(
  name: string,
  { outputs, inputs, side, size }: Convolve,
  at: number,
  depth: number,
  padded: number,
): PlacedTensor {
  // On patches the taps lie side by side, without a gap.
  const tapSize = size === side ? padded : inputs;
  const taps = side * side;
  const positions = new Uint32Array(outputs * inputs * taps);
  let i = 0;
  for (let o = 0; o < outputs; o++) {
    const panel = at + Math.floor(o / PANEL) * depth * PANEL + (o % PANEL);
    for (let c = 0; c < inputs; c++) {
      for (let tap = 0; tap < taps; tap++) positions[i++] = panel + (tap * tapSize + c) * PANEL;
    }
  }
  return { name, positions };
}

/** How far convolutions reach over a value's edge, forward and backward. */
function roomsOf({ values, operations }: Description): Room[] {
  return values.map((value, i) => {
    const reach = operations.map(({ work, from, to }, k) => {
      if (work.kind !== 'convolve') return 0;
      const { size, before, behind } = work;
      if (from === i) return Math.max(before, behind);
      // Nobody asks for the derivative by the images.
      return to === i && k > 1 ? size - 1 - Math.min(before, behind) : 0;
    });
    // No derivative by patches is ever written.
    const patches = i === 0 && operations[1]?.work.kind === 'convolve';
    const padded = pad(value.channels, patches ? FLOATS_OF_VECTOR : PANEL);
    return { ...value, padded, border: Math.max(...reach) };
  });
}
