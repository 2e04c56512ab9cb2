import * as tf from '@tensorflow/tfjs';
import { cellSignal } from '../../cancellation';
import { type DataLoader, startPass } from '../../data/loader';
import type { Optimizer } from '../../optim';
import type { NativeRule, Rule } from '../../optim/rule';
import { disposeStateDict, type StateDict } from '../../weights';
import type { Descent, Figures } from '../engine';
import type { Pass } from './jobs';
import type { Layout } from './layout';
import { type Arena, arena, doubles, floats, integers, numbersIn } from './memory';
import { inFirstPanels, layoutOf, ownWeights, type Plan, stepScratch, unpack } from './plan';
import { runOnSome, threadCount } from './pool';
import { type Ends, sparseDataset } from './sparse';
import { watchJob } from './watchJob';
import { isWide, wideScratch } from './wide';

const FLOAT = 4;
const DOUBLE = 8;

/** What a descent is to the kernels: the network, its weights' layout, and how far its optimizer is. */
export interface Task {
  readonly plan: { readonly layers: readonly Ends[] };
  readonly layout: Layout;
  readonly rule: Rule;
  readonly native: NativeRule;
  readonly steps: number;
}

/** Who carries a pass out, and the point's weights after so many steps from those before. */
export interface Carried {
  start(own: Arena, pass: Pass): Promise<void>;
  after(address: number, before: StateDict, steps: number): StateDict;
}

/** Multiplications of a step that are worth a thread: some hundred microseconds. */
const WORTH_A_THREAD = 1e6;

/** What a descent's network is to the kernels, and who carries its passes out. */
export type Kernels = Pick<Task, 'plan' | 'layout'> & { readonly carried: Carried };

/** A fully connected network's. */
export function denseKernels(plan: Plan, { batchSize, dataset }: DataLoader): Kernels {
  const rows = Math.ceil(Math.min(batchSize, dataset.length) / 4) * 4;
  const wide = isWide(plan, rows);
  const own = wide ? plan : inFirstPanels(plan);
  return { plan: own, layout: layoutOf(own), carried: denseCarried(own, rows, wide) };
}

/** Its pass, by the threads that are left beside other trainings. */
function denseCarried(plan: Plan, rows: number, wide: boolean): Carried {
  return {
    start(own, pass) {
      const job = {
        kind: 'epoch',
        ...pass,
        meeting: numbersIn(own, [0, 0, 0, pass.batches]),
        plan: numbersIn(own, plan.numbers),
        rows,
        wide,
        scratch: own.reserve((wide ? wideScratch : stepScratch)(plan, rows, threadCount())),
      } as const;
      return runOnSome((rows * plan.size) / WORTH_A_THREAD, (thread, threads) => ({
        ...job,
        thread,
        threads,
        own: ownWeights(plan, thread, threads),
      }));
    },
    after: (address) => unpack(plan, address),
  };
}

/** A pass over the loader. */
export async function descendNatively(
  task: Task,
  { start, after }: Carried,
  descent: Descent,
): Promise<Figures> {
  const { layout, rule, steps: stepsBefore } = task;
  const { point, loader, optimizer, onBatch } = descent;
  const signal = descent.signal ?? cellSignal();
  signal?.throwIfAborted();
  const batches = loader.length;
  const own = arena();
  try {
    const pass = passIn(own, task, descent);
    const done = start(own, pass);
    const steps = () => Atomics.load(integers(pass.control, 2), 1);
    await watchJob(done, pass.control, signal, onBatch && (() => onBatch(steps(), batches)));
    const made = steps();
    if (made > 0) {
      const before = point.weights;
      point.weights = after(pass.weights, before, made);
      disposeStateDict(before);
      remember(layout, rule, optimizer, pass.update.slots, stepsBefore + made);
    }
    onBatch?.(made, batches);
    signal?.throwIfAborted();
    const [loss, correct] = doubles(pass.totals, 2);
    return { loss: loss! / pass.samples, accuracy: correct! / pass.samples };
  } finally {
    own.release();
  }
}

/** The pass as threads are asked for it, with all that it needs in the arena's memory. */
function passIn(
  own: Arena,
  { plan, layout, rule, native, steps }: Task,
  { point, family, loader, optimizer }: Descent,
): Pass {
  const { dataset, batchSize, length: batches } = loader;
  const order = startPass(loader);
  const samples = Math.min(order.length, batches * batchSize);
  const packed = (stateDict: StateDict) => {
    const address = own.reserve(layout.whole * FLOAT);
    layout.pack(stateDict, address);
    return address;
  };
  const weights = packed(point.weights);
  const totals = own.reserve(2 * DOUBLE);
  doubles(totals, 2).fill(0);
  const slots = packedSlots(layout, rule, optimizer, packed);
  return {
    control: numbersIn(own, [0, 0]),
    dataset: own.hold(sparseDataset(dataset, plan)).address,
    order: numbersIn(own, order),
    samples,
    batchSize,
    batches,
    size: layout.size,
    weights,
    ...(family && { family: familyIn(own, family, weights, packed, layout.whole * FLOAT) }),
    gradient: own.reserve(layout.size * FLOAT),
    totals,
    update: { ...native, rate: optimizer.learningRate, slots, steps },
  };
}

function familyIn(
  own: Arena,
  { fixed, coefficients }: NonNullable<Descent['family']>,
  weights: number,
  packed: (stateDict: StateDict) => number,
  bytes: number,
): NonNullable<Pass['family']> {
  const count = fixed.length + 1;
  const address = own.reserve(coefficients.length * count * FLOAT);
  const values = floats(address, coefficients.length * count);
  coefficients.forEach((row, i) => {
    values.set(row, i * count);
  });
  const addresses = numbersIn(own, [...fixed.map(packed), weights]);
  return { addresses, count, coefficients: address, point: own.reserve(bytes) };
}

/** What the optimizer remembers, laid out as the weights are: an address a slot. */
function packedSlots(
  { names }: Layout,
  { slots }: Rule,
  optimizer: Optimizer,
  packed: (stateDict: StateDict) => number,
): number[] {
  const memories = optimizer.state();
  try {
    return slots.map((slot) => {
      const own = names.filter((name) => memories[`${name}.${slot}`] !== undefined);
      return packed(Object.fromEntries(own.map((name) => [name, memories[`${name}.${slot}`]!])));
    });
  } finally {
    disposeStateDict(memories);
  }
}

/** How many steps an optimizer has made; undefined if not as many with all weights of the layout. */
export function stepsOf(
  { names }: Layout,
  { slots }: Rule,
  optimizer: Optimizer,
): number | undefined {
  if (slots.length === 0) return 0;
  const memories = optimizer.state();
  const steps = names.map((name) => memories[`${name}.step`]?.dataSync()[0] ?? 0);
  disposeStateDict(memories);
  return steps.every((count) => count === steps[0]) ? steps[0] : undefined;
}

/** Hands what the thread remembered back to the optimizer. */
function remember(
  { names, unpack }: Layout,
  rule: Rule,
  optimizer: Optimizer,
  slots: readonly number[],
  steps: number,
): void {
  if (rule.slots.length === 0) return;
  const state: StateDict = {};
  rule.slots.forEach((slot, i) => {
    for (const [name, tensor] of Object.entries(unpack(slots[i]!))) {
      state[`${name}.${slot}`] = tensor;
    }
  });
  for (const name of names) state[`${name}.step`] = tf.scalar(steps, 'int32');
  try {
    optimizer.load(state);
  } finally {
    disposeStateDict(state);
  }
}
