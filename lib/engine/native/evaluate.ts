import { cellSignal } from '../../cancellation';
import type { Dataset } from '../../data';
import type { StateDict } from '../../weights';
import type { EvaluateOptions, Evaluator, Figures } from '../engine';
import { type Arena, arena, bytesAt, doubles, floats, integers, numbersIn } from './memory';
import { packPanels, panelFloats } from './packPanels';
import { inPanels, PAIR, ROWS } from './panels';
import type { Plan } from './plan';
import { runOnAll, threadCount } from './pool';
import { type SparseDataset, sparseDataset } from './sparse';
import { watchJob } from './watchJob';

const FLOAT = 4;
const TOTALS = 16;
/** No kernel writes to the first page: this address says that nobody asks for the winners. */
const NOWHERE = 0;
/** Samples that a thread takes at a time: enough that taking costs nothing, few enough to share. */
const CHUNK = 512;
/** Bytes of the points' weights after the first layer that are made at a time, to stay in cache. */
const GROUP_BYTES = 256 * 1024;

/** The evaluation of many points by all threads. The order of summing is that of the samples. */
export function evaluatorOf(
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

/** What an evaluator keeps in the kernels' memory, by addresses. */
interface Ground {
  readonly plan: Plan;
  readonly planAt: number;
  /** Where an anchor is, in panels. */
  readonly addressOf: (anchor: number) => number;
  readonly anchors: number;
  readonly dataAt: number;
  readonly samples: number;
  readonly chunks: number;
}

function evaluatorIn(
  kept: Arena,
  plan: Plan,
  anchors: readonly StateDict[],
  { address: dataAt, samples }: SparseDataset,
): Evaluator {
  const planAt = numbersIn(kept, plan.numbers);
  const addresses = new Map<number, number>();
  // Packed when a point has it: a point of a line at an end has one anchor of two.
  const addressOf = (k: number): number => {
    const known = addresses.get(k);
    if (known !== undefined) return known;
    const address = kept.reserve(panelFloats(plan.layers) * FLOAT);
    packPanels(plan, anchors[k]!, address);
    addresses.set(k, address);
    return address;
  };
  const chunks = Math.ceil(samples / CHUNK);
  const ground = { plan, planAt, addressOf, anchors: anchors.length, dataAt, samples, chunks };
  return {
    async evaluate(points, options = {}) {
      return await within(points, options, async (own) =>
        sumUp(await evaluateIn(own, ground, points, options, NOWHERE), points.length, samples),
      );
    },
    async labels(points, options = {}) {
      return await within(points, options, async (own) => {
        const winners = own.reserve(points.length * samples);
        await evaluateIn(own, ground, points, options, winners);
        return points.map((_, j) => [...bytesAt(winners + j * samples, samples)]);
      });
    },
    dispose: kept.release,
  };
}

/** Has the points evaluated; the totals of each chunk and point, and the winners where wanted. */
async function evaluateIn(
  own: Arena,
  { plan, planAt, addressOf, anchors, dataAt, samples, chunks }: Ground,
  points: readonly (readonly number[])[],
  { signal = cellSignal(), onProgress }: EvaluateOptions,
  winners: number,
): Promise<Float64Array> {
  const control = numbersIn(own, [0, 0, 0]);
  // An anchor that no point has costs nothing.
  const all = Array.from({ length: anchors }, (_, k) => k);
  const some = all.filter((k) => points.some((point) => point[k] !== 0));
  const used = some.length > 0 ? some : [0];
  const count = used.length;
  const anchorsAt = numbersIn(own, used.map(addressOf));
  const coefficients = own.reserve(points.length * count * FLOAT);
  floats(coefficients, points.length * count).set(
    points.flatMap((point) => used.map((k) => point[k]!)),
  );
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
    scratch: Array.from({ length: threadCount() }, () => own.reserve(bytes)),
    totals,
    winners,
  });
  const share = () => Atomics.load(integers(control, 3), 2) / chunks;
  await watchJob(done, control, signal, onProgress && (() => onProgress(share())));
  if (share() < 1) signal?.throwIfAborted();
  return doubles(totals, chunks * points.length * 2);
}

/** What `work` makes of some points with memory of its own, which is given back. */
export async function within<T>(
  points: readonly unknown[],
  { signal = cellSignal() }: EvaluateOptions,
  work: (own: Arena) => Promise<T[]>,
): Promise<T[]> {
  signal?.throwIfAborted();
  if (points.length === 0) return [];
  const own = arena();
  try {
    return await work(own);
  } finally {
    own.release();
  }
}

/** How many points' later weights are made at a time, and the memory that a thread needs. */
function scratchFor({ layers }: Plan, count: number, points: number) {
  const later = Math.max(panelFloats(layers.slice(1)), 1) * FLOAT;
  const group = Math.max(1, Math.min(points, Math.floor(GROUP_BYTES / later)));
  const widest = Math.max(...layers.map(({ outputs }) => inPanels(outputs)));
  const values = 3 * ROWS * widest * FLOAT;
  const pairs = ROWS * Math.max(widest, layers[0]!.inputs) * PAIR + ROWS * FLOAT;
  const firsts = count * CHUNK * inPanels(layers[0]!.outputs) * FLOAT;
  return { group, bytes: values + pairs + group * later + firsts };
}

export function sumUp(totals: Float64Array, points: number, samples: number): Figures[] {
  return Array.from({ length: points }, (_, j) => {
    let [loss, correct] = [0, 0];
    for (let at = 2 * j; at < totals.length; at += 2 * points) {
      loss += totals[at]!;
      correct += totals[at + 1]!;
    }
    return { loss: loss / samples, accuracy: correct / samples };
  });
}
