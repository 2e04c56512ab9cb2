import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { StateDict } from '../weights';
import {
  describe,
  type Memories,
  memoriesFrom,
  requireMemoriesOf,
  STEP,
  stateOf,
} from './memories';
import { requireNonNegative } from './options';
import type { Rule } from './rule';

/**
 * An update rule with what it remembers between steps. One optimizer belongs to one training:
 * momentum of another's would leak into it.
 */
export interface Optimizer {
  /** The rule and its options except the learning rate: `SGD(momentum=0.9)`. */
  readonly name: string;
  /** The rate of the next step, at least 0; schedules set it. */
  learningRate: number;
  /**
   * New weights, one step from `weights` against `gradient`. Weights without a gradient (buffers)
   * come back as clones. The caller owns the result and, as before, both arguments.
   *
   * @throws InputError when names or shapes do not fit together, or the rate is no rate
   */
  step(weights: StateDict, gradient: StateDict): StateDict;
  /**
   * What it remembers, as clones which the caller disposes: for each weight that was stepped
   * `<weight>.<slot>` by torch's names (`layers.1.bias.momentum_buffer`), and the number of its
   * steps, `<weight>.step`. Empty before the first step and for rules without memory.
   */
  state(): StateDict;
  /**
   * Goes on from a `state()`, of which it takes clones.
   *
   * @throws InputError when the state is of another rule or incomplete; nothing changes then
   */
  load(state: StateDict): void;
  /** Frees what it remembers; a later step starts afresh. */
  dispose(): void;
}

const rules = new WeakMap<Optimizer['step'], Rule>();

/**
 * The rule that an optimizer's `step` carries out, for engines that do it on their own; one's own
 * optimizers, also a copy of one of the lab's with another `step`, have none.
 */
export function ruleOf({ step }: Optimizer): Rule | undefined {
  return rules.get(step);
}

/** Carries a rule out on state dicts, tensors paired by name, and owns what it remembers. */
export function makeOptimizer(rule: Rule, learningRate: number): Optimizer {
  const { name } = rule;
  requireNonNegative(name, 'learningRate', learningRate);
  let memories: Memories = new Map();

  function replaceMemories(next: Memories): void {
    for (const [weight, { slots }] of memories) {
      if (next.get(weight)?.slots !== slots) tf.dispose([...slots]);
    }
    memories = next;
  }

  const optimizer: Optimizer = {
    name,
    learningRate,
    step(weights, gradient) {
      requireNonNegative(name, 'learningRate', this.learningRate);
      requireGradientOf(name, weights, gradient);
      requireMemoriesOf(name, weights, memories);
      const { stepped, next } = stepAll(rule.at, this.learningRate, weights, gradient, memories);
      replaceMemories(rule.slots.length === 0 ? new Map() : next);
      return stepped;
    },
    state: () => stateOf(rule, memories),
    load(state) {
      replaceMemories(memoriesFrom(rule, state));
    },
    dispose() {
      replaceMemories(new Map());
    },
  };
  rules.set(optimizer.step, rule);
  return optimizer;
}

/**
 * Throws what `step` would at these weights, whatever the gradient: for engines, which know it
 * before they begin.
 *
 * @throws InputError when the rate is no rate, or it remembers weights of another shape
 */
export function requireStepAt(optimizer: Optimizer, weights: StateDict): void {
  const { name, learningRate } = optimizer;
  requireNonNegative(name, 'learningRate', learningRate);
  const state = optimizer.state();
  // What is of no weight, as an optimizer of one's own may remember, is its own affair.
  const slots = Object.entries(state).filter(([k]) => k.includes('.') && !k.endsWith(`.${STEP}`));
  try {
    const memories = slots.map(([key, slot]) => [weightOf(key), { slots: [slot] }] as const);
    requireMemoriesOf(name, weights, memories);
  } finally {
    tf.dispose(state);
  }
}

const weightOf = (key: string) => key.slice(0, key.lastIndexOf('.'));

function stepAll(
  ruleAt: Rule['at'],
  learningRate: number,
  weights: StateDict,
  gradient: StateDict,
  memories: Memories,
) {
  const next = new Map(memories);
  const stepped = tf.tidy(() => {
    const update = ruleAt(learningRate);
    const entries = Object.entries(weights).map(([name, w]) => {
      const g = gradient[name];
      if (g === undefined) return [name, w.clone()] as const;
      const memory = memories.get(name);
      const step = (memory?.step ?? 0) + 1;
      const [moved, ...slots] = update(w, g, step, memory?.slots ?? []);
      // Kept, so that they outlive this tidy and any that the caller is in.
      for (const slot of slots) tf.keep(slot);
      next.set(name, { step, slots });
      return [name, moved] as const;
    });
    return Object.fromEntries(entries) as StateDict;
  });
  return { stepped, next };
}

/** @throws InputError unless every gradient belongs to a float weight of the same shape */
function requireGradientOf(where: string, weights: StateDict, gradient: StateDict): void {
  for (const [name, g] of Object.entries(gradient)) {
    const [wanted, got] = [describe(weights[name]), describe(g)];
    if (wanted !== got || g.dtype !== 'float32') {
      throw new InputError(
        `${where}: the gradient of '${name}' must be of the weight's shape and float32, got ` +
          `${got} for the weight ${wanted}; take the gradient at these very weights`,
      );
    }
  }
}
