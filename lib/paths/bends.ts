import { InputError, requireInteger } from '../errors';
import { unprefixed } from '../nn/stack';
import type { Optimizer } from '../optim';
import {
  clone,
  disposeStateDict,
  requireFiniteWeights,
  requireSameStructure,
  type StateDict,
} from '../weights';
import { interpolateBetweenStateDicts } from './points';

/**
 * The bends as a fit begins: so many, equally spaced on the straight line from w₁ to w₂, or copies of
 * those that are given. The caller disposes them.
 */
export function firstBends(
  w1: StateDict,
  w2: StateDict,
  bends: number | readonly StateDict[],
): StateDict[] {
  if (typeof bends === 'number') {
    requireInteger('fitBend', 'bends', bends, 1);
    const shares = Array.from({ length: bends }, (_, k) => 1 - (k + 1) / (bends + 1));
    return shares.map((share) => interpolateBetweenStateDicts(share, w1, w2));
  }
  if (bends.length === 0) {
    throw new InputError('fitBend: bends is an empty list; give it at least one to begin with');
  }
  for (const [k, bend] of bends.entries()) {
    requireSameStructure('fitBend', w1, bend);
    requireFiniteWeights('fitBend', `bend ${k + 1}`, bend);
  }
  return bends.map(clone);
}

const prefixOf = (k: number) => `bend-${k + 1}/`;

/** One bend as it is, several as one state dict: what a checkpoint keeps. */
export function asOne(bends: readonly StateDict[]): StateDict {
  if (bends.length === 1) return bends[0]!;
  return Object.fromEntries(
    bends.flatMap((bend, k) =>
      Object.entries(bend).map(([name, tensor]) => [prefixOf(k) + name, tensor] as const),
    ),
  );
}

/** The bends that `asOne` has put together; the same tensors. */
export function partsOf(all: StateDict, count: number): StateDict[] {
  return count === 1
    ? [all]
    : Array.from({ length: count }, (_, k) => unprefixed(prefixOf(k), all));
}

/** Has `work` move bend k of those in `point`, beside the others. */
export async function movingOne<T>(
  point: { weights: StateDict },
  count: number,
  k: number,
  work: (moving: { weights: StateDict }, others: readonly StateDict[]) => Promise<T>,
): Promise<T> {
  const bends = partsOf(point.weights, count);
  const moving = { weights: bends[k]! };
  try {
    return await work(moving, bends.toSpliced(k, 1));
  } finally {
    // Also where it was stopped: what was there before is disposed by then.
    point.weights = asOne(bends.toSpliced(k, 1, moving.weights));
  }
}

/** A list with one of its items at its end. */
export function ownLast(items: readonly number[], own: number): number[] {
  return [...items.toSpliced(own, 1), items[own]!];
}

/**
 * An optimizer that remembers each bend for itself. `all` has the memories of all of them, for a
 * checkpoint, and the rate; within `turn` the optimizer itself has that of bend k.
 */
export function optimizerOfBends(optimizer: Optimizer, count: number) {
  const memories: StateDict[] = Array.from({ length: count }, () => ({}));
  const replace = (k: number, memory: StateDict) => {
    disposeStateDict(memories[k]!);
    memories[k] = memory;
  };
  const all: Optimizer = {
    name: optimizer.name,
    learningRate: optimizer.learningRate,
    step: optimizer.step,
    state: () => asOne(memories.map(clone)),
    load(state) {
      for (const [k, memory] of partsOf(state, count).entries()) replace(k, clone(memory));
    },
    dispose() {
      for (const k of memories.keys()) replace(k, {});
    },
  };
  return {
    all,
    async turn<T>(k: number, work: () => Promise<T>): Promise<T> {
      const { learningRate } = optimizer;
      optimizer.load(memories[k]!);
      optimizer.learningRate = all.learningRate;
      try {
        return await work();
      } finally {
        replace(k, optimizer.state());
        optimizer.learningRate = learningRate;
      }
    },
    dispose: all.dispose,
  };
}
