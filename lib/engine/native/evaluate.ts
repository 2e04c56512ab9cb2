import { cellSignal } from '../../cancellation';
import type { Dataset } from '../../data';
import type { StateDict } from '../../weights';
import type { Evaluator, Figures } from '../engine';
import { type Arena, arena, doubles, floats, integers } from './memory';
import { type Plan, pack } from './plan';
import { runOnAll, threadCount } from './pool';
import { type SparseDataset, sparseDataset } from './sparse';
import { watchJob } from './watchJob';

const FLOAT = 4;
const TOTALS = 16;
const TILE = 16;
/** Samples that a thread takes at a time: enough that taking costs nothing, few enough to share. */
const CHUNK = 512;
/** Bytes of the points' weights after the first layer that are made at a time, to stay in cache. */
const GROUP_BYTES = 256 * 1024;

/** The evaluation of many points by all threads. The order of summing is that of the samples. */
export function nativeEvaluator(
  plan: Plan,
  anchors: readonly StateDict[],
  dataset: Dataset,
): Evaluator {
  const kept = arena();
  try {
    return evaluatorIn(kept, plan, anchors, kept.hold(sparseDataset(dataset, plan)));
  } catch (error) {
    kept.release();
    throw error;
  }
}

function evaluatorIn(
  kept: Arena,
  plan: Plan,
  anchors: readonly StateDict[],
  { address: dataAt, samples }: SparseDataset,
): Evaluator {
  const numbers = (values: ArrayLike<number>) => {
    const address = kept.reserve(values.length * FLOAT);
    integers(address, values.length).set(values);
    return address;
  };
  const planAt = numbers(plan.numbers);
  const addresses = anchors.map((anchor) => {
    const address = kept.reserve(plan.size * FLOAT);
    pack(plan, anchor, address);
    return address;
  });
  const anchorsAt = numbers(addresses);
  const count = anchors.length;
  const chunks = Math.ceil(samples / CHUNK);

  return {
    async evaluate(points, { signal = cellSignal(), onProgress } = {}) {
      signal?.throwIfAborted();
      if (points.length === 0) return [];
      const own = arena();
      try {
        const control = own.reserve(3 * FLOAT);
        integers(control, 3).fill(0);
        const coefficients = own.reserve(points.length * count * FLOAT);
        const values = floats(coefficients, points.length * count);
        points.forEach((point, i) => {
          values.set(point, i * count);
        });
        const totals = own.reserve(chunks * points.length * TOTALS);
        doubles(totals, chunks * points.length * 2).fill(0);
        const { group, bytes } = scratchFor(plan, count, points.length);
        const done = runOnAll({
          kind: 'evaluate',
          control,
          plan: planAt,
          dataset: dataAt,
          samples,
          chunk: CHUNK,
          anchors: anchorsAt,
          count,
          coefficients,
          points: points.length,
          group,
          scratch: Array.from({ length: threadCount }, () => own.reserve(bytes)),
          totals,
        });
        const share = () => Atomics.load(integers(control, 3), 2) / chunks;
        await watchJob(done, control, signal, onProgress && (() => onProgress(share())));
        if (share() < 1) signal?.throwIfAborted();
        return sumUp(doubles(totals, chunks * points.length * 2), points.length, samples);
      } finally {
        own.release();
      }
    },
    dispose: kept.release,
  };
}

/** How many points' later weights are made at a time, and the memory that a thread needs. */
function scratchFor({ layers }: Plan, count: number, points: number) {
  const [first, ...later] = layers;
  const laterFloats = later.reduce(
    (sum, { paddedInputs, paddedOutputs }) => sum + (paddedInputs + 1) * paddedOutputs,
    0,
  );
  const laterBytes = Math.max(laterFloats * FLOAT, 1);
  const group = Math.max(1, Math.min(points, Math.floor(GROUP_BYTES / laterBytes)));
  const widest = Math.max(...layers.map(({ paddedOutputs }) => paddedOutputs));
  const tiles = Math.ceil(CHUNK / TILE);
  const tile = TILE * FLOAT;
  const bytes =
    count * tiles * first!.paddedOutputs * tile + group * laterBytes + 3 * widest * tile;
  return { group, bytes };
}

function sumUp(totals: Float64Array, points: number, samples: number): Figures[] {
  return Array.from({ length: points }, (_, j) => {
    let [loss, correct] = [0, 0];
    for (let at = 2 * j; at < totals.length; at += 2 * points) {
      loss += totals[at]!;
      correct += totals[at + 1]!;
    }
    return { loss: loss / samples, accuracy: correct / samples };
  });
}
