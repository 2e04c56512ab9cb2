import { cellSignal } from '../../../cancellation';
import type { Dataset } from '../../../data';
import type { Network } from '../../../nn';
import { requireVector } from '../../../nn/vector';
import type { StateDict } from '../../../weights';
import type { Curvature } from '../../curvature';
import type { CurvatureJob } from '../jobs';
import { type Arena, arena, doubles, integers, numbersIn } from '../memory';
import { inPanels, PANEL } from '../panels';
import { isTame, type Plan, pack, planOf } from '../plan';
import { runOnAll, threadCount } from '../pool';
import { isSparse, sparseDataset } from '../sparse';
import { watchJob } from '../watchJob';
import { packVector, sumOfVectors } from './vector';

const FLOAT = 4;
const TOTALS = 16;
/** Samples that the kernels have at a time, for the first layer and for the later ones. */
const BLOCK = 256;
const ROWS = 64;
/**
 * Parts that are summed apart, whatever the number of threads: so figures are the same to the bit for
 * each, and float32 adds up only so many samples before double precision adds up the parts.
 */
const MOST_PARTS = 16;

/** What stays the same in all jobs at a point. */
type Ground = Omit<CurvatureJob, 'kind' | 'control' | 'sums' | 'scratch' | 'task'>;

/**
 * Products by the kernels of WebAssembly on all threads, in float32; undefined where they have
 * nothing for what is asked, as for the other verbs.
 */
export function nativeCurvature(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
): (() => Promise<Curvature>) | undefined {
  const plan = planOf(network);
  if (plan === undefined || !isSparse(dataset) || !isTame(weights)) return undefined;
  return () => preparedCurvature(network, plan, weights, dataset);
}

async function preparedCurvature(
  network: Network,
  plan: Plan,
  weights: StateDict,
  dataset: Dataset,
): Promise<Curvature> {
  const kept = arena();
  const running = new Set<Promise<unknown>>();
  try {
    const ground = groundIn(kept, plan, weights, dataset);
    const { loss, gradient } = await prepare(plan, ground);
    const product = async (v: Float64Array, ofNetwork: boolean, signal?: AbortSignal) => {
      requireVector('curvature', network, v);
      const made = productWith(plan, ground, v, ofNetwork, signal);
      running.add(made);
      return await made.finally(() => running.delete(made));
    };
    return {
      loss,
      gradient,
      hessian: (v, signal) => product(v, true, signal),
      gaussNewton: (v, signal) => product(v, false, signal),
      dispose: () => void Promise.allSettled(running).then(kept.release),
    };
  } catch (error) {
    kept.release();
    throw error;
  }
}

function groundIn(kept: Arena, plan: Plan, weights: StateDict, dataset: Dataset): Ground {
  const { address, samples } = kept.hold(sparseDataset(dataset, plan));
  const blocks = Math.ceil(samples / BLOCK);
  const partSize = BLOCK * Math.ceil(blocks / MOST_PARTS);
  const weightsAt = kept.reserve(vectorBytes(plan));
  pack(plan, weights, weightsAt);
  return {
    plan: numbersIn(kept, plan.numbers),
    dataset: address,
    order: numbersIn(
      kept,
      Uint32Array.from({ length: samples }, (_, i) => i),
    ),
    samples,
    parts: Math.ceil(samples / partSize),
    partSize,
    weights: weightsAt,
    kept: kept.reserve(blocks * keptBytes(plan)),
    starts: kept.reserve(blocks * (plan.layers[0]!.inputs + 1) * FLOAT),
    // Read four at a time.
    entries: kept.reserve(2 * (pixelsIn(address, samples) + 4)),
    size: plan.size,
  };
}

/** Loss and gradient, and on the way what products need. */
async function prepare(plan: Plan, ground: Ground) {
  return await within(plan, ground, undefined, async (own, run) => {
    const totals = own.reserve(ground.parts * TOTALS);
    const sums = await run({ kind: 'prepare', totals });
    const gradient = sumOfVectors(plan, sums, ground.parts, 1);
    const losses = doubles(totals, 2 * ground.parts).filter((_, i) => i % 2 === 0);
    return { loss: losses.reduce((sum, loss) => sum + loss, 0) / ground.samples, gradient };
  });
}

/** Below it a double has fewer digits, and soon one over it is no number. */
const LEAST = 2 ** -1022;

/** The direction goes in with its largest number as 1: what float32 holds is no matter of its length. */
async function productWith(
  plan: Plan,
  ground: Ground,
  v: Float64Array,
  ofNetwork: boolean,
  signal: AbortSignal | undefined,
) {
  const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) return new Float64Array(v.length);
  const scale = Math.max(largest, LEAST);
  return await within(plan, ground, signal, async (own, run) => {
    const direction = own.reserve(vectorBytes(plan));
    packVector(plan, v, 1 / scale, direction);
    const sums = await run({ kind: 'product', direction, ofNetwork });
    return sumOfVectors(plan, sums, ground.parts, scale);
  });
}

/**
 * What `work` makes with memory of its own, and all threads' sums of a task, by their address; the
 * signal ends the task between two parts.
 */
async function within<T>(
  plan: Plan,
  ground: Ground,
  signal: AbortSignal | undefined = cellSignal(),
  work: (own: Arena, run: (task: CurvatureJob['task']) => Promise<number>) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const own = arena();
  try {
    return await work(own, async (task) => {
      const control = numbersIn(own, [0, 0]);
      // Of the last row a whole panel is read.
      const sums = own.reserve((ground.parts * plan.size + PANEL) * FLOAT);
      const bytes = scratchBytes(plan);
      const scratch = Array.from({ length: threadCount() }, () => own.reserve(bytes));
      const done = runOnAll({ kind: 'curvature', ...ground, control, sums, scratch, task });
      await watchJob(done, control, signal, undefined);
      signal?.throwIfAborted();
      return sums;
    });
  } finally {
    own.release();
  }
}

/** Bytes of a vector, of whose first bias a whole panel is read. */
const vectorBytes = ({ size }: Plan) => (size + PANEL) * FLOAT;

/** How many pixels of a dataset's copy are not 0: where the last image's end. */
function pixelsIn(dataset: number, samples: number): number {
  const [offsets] = integers(dataset, 1);
  return integers(offsets!, samples + 1)[samples]!;
}

/** Bytes that are kept of a block: see assembly/curvature.ts. */
function keptBytes({ layers, nonlinearity }: Plan): number {
  const widths = layers.map(({ paddedOutputs }) => paddedOutputs);
  const hidden = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
  return BLOCK * FLOAT * ((nonlinearity > 1 ? 3 : 2) * hidden + 2 * widths.at(-1)!);
}

/** Bytes that a thread needs for a product, which is more than the preparation does. */
function scratchBytes({ layers }: Plan): number {
  const { inputs, outputs } = layers[0]!;
  const first = (inputs + BLOCK) * inPanels(outputs) + 2 * BLOCK * inputs;
  const widths = layers.map(({ paddedOutputs }) => paddedOutputs);
  const all = widths.reduce((sum, width) => sum + width, 0);
  const later = layers
    .slice(1)
    .reduce((sum, { paddedInputs, paddedOutputs }) => sum + (paddedInputs + 1) * paddedOutputs, 0);
  return FLOAT * (first + 3 * later + (BLOCK + ROWS) * all + 3 * ROWS * Math.max(...widths));
}
