import * as tf from '@tensorflow/tfjs';
import { cellSignal } from '../../cancellation';
import { startPass } from '../../data/loader';
import type { Optimizer } from '../../optim';
import type { NativeRule, Rule } from '../../optim/rule';
import { disposeStateDict, type StateDict } from '../../weights';
import type { Descent, Figures } from '../engine';
import type { Epoch } from './jobs';
import { type Arena, arena, doubles, floats, integers, numbersIn } from './memory';
import { type Plan, pack, stepScratch, unpack } from './plan';
import { runOnOne } from './pool';
import { sparseDataset } from './sparse';
import { watchJob } from './watchJob';

const FLOAT = 4;
const DOUBLE = 8;

/** What a descent is to the kernels: the network, and how far its optimizer is. */
export interface Task {
  readonly plan: Plan;
  readonly rule: Rule;
  readonly native: NativeRule;
  readonly steps: number;
}

/** A pass over the loader in one thread; others go on beside it. */
export async function descendNatively(task: Task, descent: Descent): Promise<Figures> {
  const { plan, rule, steps: stepsBefore } = task;
  const { point, loader, optimizer, onBatch } = descent;
  const signal = descent.signal ?? cellSignal();
  signal?.throwIfAborted();
  const batches = loader.length;
  const own = arena();
  try {
    const job = epochIn(own, task, descent);
    const done = runOnOne(job);
    const steps = () => Atomics.load(integers(job.control, 2), 1);
    await watchJob(done, job.control, signal, onBatch && (() => onBatch(steps(), batches)));
    const made = steps();
    if (made > 0) {
      const before = point.weights;
      point.weights = unpack(plan, job.weights);
      disposeStateDict(before);
      remember(plan, rule, optimizer, job.update.slots, stepsBefore + made);
    }
    onBatch?.(made, batches);
    signal?.throwIfAborted();
    const [loss, correct] = doubles(job.totals, 2);
    return { loss: loss! / job.samples, accuracy: correct! / job.samples };
  } finally {
    own.release();
  }
}

/** The pass as a thread is asked for it, with all that it needs in the arena's memory. */
function epochIn(
  own: Arena,
  { plan, rule, native, steps }: Task,
  { point, family, loader, optimizer }: Descent,
): Epoch {
  const { dataset, batchSize, length: batches } = loader;
  const order = startPass(loader);
  const samples = Math.min(order.length, batches * batchSize);
  const bytes = plan.size * FLOAT;
  const packed = (stateDict: StateDict) => {
    const address = own.reserve(bytes);
    pack(plan, stateDict, address);
    return address;
  };
  const weights = packed(point.weights);
  const totals = own.reserve(2 * DOUBLE);
  doubles(totals, 2).fill(0);
  const slots = packedSlots(plan, rule, optimizer, packed);
  const rows = Math.ceil(Math.min(batchSize, samples) / 4) * 4;
  return {
    kind: 'epoch',
    control: numbersIn(own, [0, 0]),
    plan: numbersIn(own, plan.numbers),
    dataset: own.hold(sparseDataset(dataset, plan)).address,
    order: numbersIn(own, order),
    samples,
    batchSize,
    batches,
    size: plan.size,
    weights,
    ...(family && { family: familyIn(own, family, weights, packed, bytes) }),
    gradient: own.reserve(bytes),
    scratch: own.reserve(stepScratch(plan, rows) * FLOAT),
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
): NonNullable<Epoch['family']> {
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
  plan: Plan,
  { slots }: Rule,
  optimizer: Optimizer,
  packed: (stateDict: StateDict) => number,
): number[] {
  const memories = optimizer.state();
  try {
    return slots.map((slot) => {
      const own = weightNames(plan).filter((name) => memories[`${name}.${slot}`] !== undefined);
      return packed(Object.fromEntries(own.map((name) => [name, memories[`${name}.${slot}`]!])));
    });
  } finally {
    disposeStateDict(memories);
  }
}

/** How many steps an optimizer has made; undefined if not as many with all weights of the plan. */
export function stepsOf(plan: Plan, { slots }: Rule, optimizer: Optimizer): number | undefined {
  if (slots.length === 0) return 0;
  const memories = optimizer.state();
  const steps = weightNames(plan).map((name) => memories[`${name}.step`]?.dataSync()[0] ?? 0);
  disposeStateDict(memories);
  return steps.every((count) => count === steps[0]) ? steps[0] : undefined;
}

function weightNames({ layers }: Plan): string[] {
  return layers.flatMap(({ name }) => [`${name}.weight`, `${name}.bias`]);
}

/** Hands what the thread remembered back to the optimizer. */
function remember(
  plan: Plan,
  rule: Rule,
  optimizer: Optimizer,
  slots: readonly number[],
  steps: number,
): void {
  if (rule.slots.length === 0) return;
  const state: StateDict = {};
  rule.slots.forEach((slot, i) => {
    for (const [name, tensor] of Object.entries(unpack(plan, slots[i]!))) {
      state[`${name}.${slot}`] = tensor;
    }
  });
  for (const name of weightNames(plan)) state[`${name}.step`] = tf.scalar(steps, 'int32');
  try {
    optimizer.load(state);
  } finally {
    disposeStateDict(state);
  }
}
