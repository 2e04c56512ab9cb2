import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type Engine, type Figures, nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { putFences, trampledFences } from '../../lib/engine/native/memory';
import { apply, crossEntropy } from '../../lib/nn';
import {
  disposeStateDict,
  equal,
  linearCombination,
  type StateDict,
  scale,
} from '../../lib/weights';
import { assertClose } from '../close';
import { type Case, fuzzCase } from './fuzzCases';

/** How many cases, and the seed of them all: `LAB_FUZZ=20000` is the long form. */
const CASES = Number(process.env.LAB_FUZZ ?? 120);
const SEED = Number(process.env.LAB_FUZZ_SEED ?? 14);
/** A page on either side of whatever the kernels are given. */
const PAGE = 4096;

type Outcome<T> = { readonly refused: string } | { readonly result: T };

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (!(error instanceof Error && error.name === 'InputError')) throw error;
    return { refused: error.message };
  }
}

async function evaluate(engine: Engine, { network, anchors, dataset, points }: Case) {
  const evaluator = engine.evaluator(network, anchors, dataset);
  try {
    const figures = await evaluator.evaluate(points);
    for (const [i, labels] of (await evaluator.labels(points)).entries()) {
      const right = labels.filter((label, s) => label === dataset.labels[s]).length;
      assert.equal(right / dataset.length, figures[i]!.accuracy);
    }
    return figures;
  } finally {
    evaluator.dispose();
  }
}

/** Figures of each epoch and where it ended, from `factor` times the start. */
async function descend(engine: Engine, task: Case, factor = 1) {
  const { network, anchors, loader, optimizer, rates, rows } = task;
  const start = anchors.at(-1)!;
  const alive = Object.values(start).every((tensor) => !tensor.isDisposed);
  const point = { weights: alive ? scale(factor, start) : start };
  const family = rows && { family: { fixed: anchors.slice(0, -1), coefficients: rows } };
  const figures: Figures[] = [];
  try {
    for (const rate of rates) {
      optimizer.learningRate = rate;
      const epoch = { network, point, loader, optimizer, lossFunction: crossEntropy, ...family };
      figures.push(await engine.descend(epoch));
    }
    const weights = Object.entries(point.weights).map(([name, t]) => [name, t.dataSync().slice()]);
    return { figures, weights: Object.fromEntries(weights) as Record<string, Float32Array> };
  } catch (error) {
    if (alive) assert.ok(equal(point.weights, start), 'the point is as it was');
    throw error;
  } finally {
    if (alive) disposeStateDict(point.weights);
    optimizer.dispose();
  }
}

/** Samples whose two largest logits are closer than rounding can tell apart. */
function ties({ network, anchors, dataset }: Case, point: readonly number[]): number {
  return tf.tidy(() => {
    const { images, length, imageShape } = dataset;
    const x = tf.tensor4d(
      Float32Array.from(images, (byte) => byte / 255),
      [length, ...imageShape],
    );
    const logits = apply(network, linearCombination(point, anchors) as StateDict, x);
    const { values } = tf.topk(logits, 2);
    const [top, next] = tf.split(values, 2, 1);
    const near = top!.sub(next!).lessEqual(top!.abs().add(next!.abs()).mul(1e-5));
    return near.sum().dataSync()[0]!;
  });
}

/**
 * How far the reference's own losses move, epoch by epoch, when its start does by as much as
 * rounding: some trainings make of it what they will.
 */
async function shake(i: number): Promise<number[]> {
  const losses: number[][] = [];
  for (const factor of [1, 1 + 2 ** -22, 1 - 2 ** -22]) {
    const task = fuzzCase(SEED, i);
    const { figures } = await descend(tfjsEngine, task, factor);
    losses.push(figures.map(({ loss }) => loss));
    disposeStateDict(...task.anchors);
  }
  const [still, ...moved] = losses;
  return still!.map((loss, k) => Math.max(...moved.map((other) => Math.abs(other[k]! - loss))));
}

const differ = (a: number, b: number) => Math.abs(a - b) > 1e-5 * Math.abs(b) + 1e-9;

function assertFigures(ours: Figures, reference: Figures, samples: number, maybe: () => number) {
  if (Number.isNaN(reference.loss))
    assert.ok(Number.isNaN(ours.loss), `loss ${ours.loss}, not NaN`);
  else assertClose(ours.loss, reference.loss, { relative: 1e-5, absolute: 1e-9 });
  const others = Math.round(Math.abs(ours.accuracy - reference.accuracy) * samples);
  if (others > 0) assert.ok(others <= maybe(), `${others} samples told apart otherwise`);
}

describe('both engines, on whatever they are given', () => {
  const seen: Record<string, number> = {};
  const count = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  before(async () => {
    await useBackend('wasm');
    putFences(PAGE);
  });
  after(() => putFences(0));

  /** Both outcomes of a verb on the same case, each on tensors of its own. */
  async function both<T>(i: number, verb: (engine: Engine, task: Case) => Promise<T>) {
    const tensors = tf.memory().numTensors;
    const outcomes: Outcome<T>[] = [];
    for (const engine of [nativeEngine, tfjsEngine]) {
      const task = fuzzCase(SEED, i);
      outcomes.push(await outcome(() => verb(engine, task)));
      disposeStateDict(...task.anchors);
      task.optimizer.dispose();
    }
    assert.equal(tf.memory().numTensors, tensors, 'every tensor is given back');
    const [ours, reference] = outcomes as [Outcome<T>, Outcome<T>];
    if ('refused' in ours || 'refused' in reference) {
      assert.deepEqual(ours, reference);
      return undefined;
    }
    return [ours.result, reference.result] as const;
  }

  it(`${CASES} cases: the same refusal or the same figures, and no byte outside`, async () => {
    for (let i = 0; i < CASES; i++) {
      const {
        fault = 'none',
        dataset,
        loader,
        anchors,
        points,
        optimizer,
        network,
      } = fuzzCase(SEED, i);
      const task = fuzzCase(SEED, i);
      try {
        const evaluated = await both(i, evaluate);
        for (const [k, figures] of evaluated?.[0].entries() ?? []) {
          const maybe = () => ties(task, points[k]!);
          assertFigures(figures, evaluated![1][k]!, dataset.length, maybe);
        }
        const descended = await both(i, descend);
        if (descended) {
          const [ours, reference] = descended;
          const losses = reference.figures.map(({ loss }) => loss);
          if (losses.some((loss, k) => differ(ours.figures[k]!.loss, loss))) {
            count('a training that rounding alone moves as far');
            const allowed = await shake(i);
            for (const [k, loss] of losses.entries()) {
              assertClose(ours.figures[k]!.loss, loss, { relative: 1e-5, absolute: allowed[k]! });
            }
          } else {
            for (const [k, figures] of ours.figures.entries()) {
              const samples = Math.min(dataset.length, loader.length * loader.batchSize);
              // The weights on the way are not known here: one sample may be a tie.
              assertFigures(figures, reference.figures[k]!, samples, () => 1);
            }
            for (const [name, values] of Object.entries(reference.weights)) {
              if (values.every(Number.isFinite)) {
                assertClose(ours.weights[name]!, values, { relative: 1e-3, absolute: 1e-4 });
              }
            }
          }
        }
        const refused =
          !evaluated && !descended
            ? 'both verbs'
            : !descended
              ? 'descend'
              : !evaluated
                ? 'evaluate'
                : 'no';
        count(`${fault}: refused by ${refused}`);
        assert.deepEqual(trampledFences(), []);
      } catch (error) {
        const what = `${optimizer.name}, ${JSON.stringify({ layers: network.layers, fault })}`;
        throw new Error(`case ${i} of seed ${SEED} (${what})`, { cause: error });
      } finally {
        disposeStateDict(...anchors, ...task.anchors);
      }
    }
    if (process.env.LAB_FUZZ) console.log(seen);
  }).timeout(Math.max(60_000, CASES * 1000));
});
