import * as tf from '@tensorflow/tfjs';
import { cellSignal } from '../../cancellation';
import { requireWeightsOf } from '../../nn';
import type { Optimizer, Rule } from '../../optim';
import { disposeStateDict, type StateDict } from '../../weights';
import type { Descent, Figures } from '../engine';
import type { UpdateRule } from './jobs';
import { arena, doubles, floats, integers } from './memory';
import { type Plan, pack, stepScratch, unpack } from './plan';
import { runOnOne } from './pool';
import { sparseDataset } from './sparse';
import { watchJob } from './watchJob';

const FLOAT = 4;
const DOUBLE = 8;

/** A pass over the loader in one thread; others go on beside it. */
export async function descendNatively(plan: Plan, rule: Rule, descent: Descent): Promise<Figures> {
  const { network, point, family, loader, optimizer, onBatch } = descent;
  const signal = descent.signal ?? cellSignal();
  signal?.throwIfAborted();
  for (const weights of [point.weights, ...(family?.fixed ?? [])]) {
    requireWeightsOf(network, weights);
  }
  const { dataset, batchSize, length: batches } = loader;
  const order = loader.nextOrder();
  const samples = Math.min(order.length, batches * batchSize);
  const own = arena();
  try {
    const bytes = plan.size * FLOAT;
    const numbers = (values: ArrayLike<number>) => {
      const address = own.reserve(values.length * FLOAT);
      integers(address, values.length).set(values);
      return address;
    };
    const packed = (stateDict: StateDict) => {
      const address = own.reserve(bytes);
      pack(plan, stateDict, address);
      return address;
    };
    const control = numbers([0, 0]);
    const weights = packed(point.weights);
    const totals = own.reserve(2 * DOUBLE);
    doubles(totals, 2).fill(0);
    const memories = optimizer.state();
    const update = updateRule(plan, rule, optimizer, memories, packed);
    disposeStateDict(memories);
    const rows = Math.ceil(Math.min(batchSize, samples) / 4) * 4;
    const done = runOnOne({
      kind: 'epoch',
      control,
      plan: numbers(plan.numbers),
      dataset: sparseDataset(dataset),
      order: numbers(order),
      samples,
      batchSize,
      batches,
      size: plan.size,
      weights,
      ...(family && { family: familyOf(family, weights, packed, numbers, own.reserve, bytes) }),
      gradient: own.reserve(bytes),
      scratch: own.reserve(stepScratch(plan, rows) * FLOAT),
      totals,
      update,
    });
    const steps = () => Atomics.load(integers(control, 2), 1);
    await watchJob(done, control, signal, onBatch && (() => onBatch(steps(), batches)));
    const made = steps();
    if (made > 0) {
      const before = point.weights;
      point.weights = unpack(plan, weights);
      disposeStateDict(before);
      remember(plan, rule, optimizer, update, made);
    }
    onBatch?.(made, batches);
    signal?.throwIfAborted();
    const [loss, correct] = doubles(totals, 2);
    return { loss: loss! / samples, accuracy: correct! / samples };
  } finally {
    own.release();
  }
}

function familyOf(
  { fixed, coefficients }: NonNullable<Descent['family']>,
  weights: number,
  packed: (stateDict: StateDict) => number,
  numbers: (values: ArrayLike<number>) => number,
  reserve: (bytes: number) => number,
  bytes: number,
) {
  const count = fixed.length + 1;
  const values = coefficients.flat();
  const address = reserve(values.length * FLOAT);
  floats(address, values.length).set(values);
  const addresses = numbers([...fixed.map(packed), weights]);
  return { addresses, count, coefficients: address, point: reserve(bytes) };
}

/** The rule as numbers, with what the optimizer remembers laid out as the weights are. */
function updateRule(
  plan: Plan,
  rule: Rule,
  { learningRate: rate }: Optimizer,
  memories: StateDict,
  packed: (stateDict: StateDict) => number,
): UpdateRule {
  const names = weightNames(plan);
  const steps = memories[`${names[0]}.step`]?.dataSync()[0] ?? 0;
  const slots = rule.slots.map((slot) => {
    const values = names.flatMap((name) => {
      const tensor = memories[`${name}.${slot}`];
      return tensor ? [[name, tensor] as const] : [];
    });
    return packed(Object.fromEntries(values));
  });
  return { ...rule.numbers, rate, slots, steps };
}

function weightNames({ layers }: Plan): string[] {
  return layers.flatMap(({ name }) => [`${name}.weight`, `${name}.bias`]);
}

/** Hands what the thread remembered back to the optimizer. */
function remember(
  plan: Plan,
  rule: Rule,
  optimizer: Optimizer,
  { slots, steps }: UpdateRule,
  made: number,
): void {
  if (rule.slots.length === 0) return;
  const state: StateDict = {};
  rule.slots.forEach((slot, i) => {
    for (const [name, tensor] of Object.entries(unpack(plan, slots[i]!))) {
      state[`${name}.${slot}`] = tensor;
    }
  });
  for (const name of weightNames(plan)) state[`${name}.step`] = tf.scalar(steps + made, 'int32');
  optimizer.load(state);
  disposeStateDict(state);
}
