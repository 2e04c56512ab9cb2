import { cellSignal } from '../../../cancellation';
import type { Dataset } from '../../../data';
import { disposeStateDict, linearCombination, type StateDict } from '../../../weights';
import type { AtPoint, EvaluateOptions, Evaluator } from '../../engine';
import { sumUp, within } from '../evaluate';
import type { ImageEvaluation } from '../jobs';
import { type Arena, arena, bytesAt, doubles, integers, numbersIn } from '../memory';
import { runOnAll, threadCount } from '../pool';
import { type SparseDataset, sparseDataset } from '../sparse';
import { watchJob } from '../watchJob';
import type { ImagePlan } from './plan';
import { placePlan, roomIn } from './room';
import { packImages } from './weights';

const FLOAT = 4;
const TOTALS = 16;
/** No kernel writes to the first page: this address says that nobody asks for the winners. */
const NOWHERE = 0;
/** Samples that a thread takes at a time. */
const CHUNK = 64;

/** What an evaluator's points are evaluated on. */
interface Ground {
  readonly plan: ImagePlan;
  readonly anchors: readonly StateDict[];
  readonly data: SparseDataset;
  readonly atPoint: AtPoint;
}

/** The evaluation of one point after the other by all threads, a chunk of the samples each. */
export function imageEvaluatorOf(
  plan: ImagePlan,
  anchors: readonly StateDict[],
  dataset: Dataset,
  atPoint: AtPoint = async (weights) => weights,
): Evaluator {
  const kept = arena();
  const data = kept.hold(sparseDataset(dataset, plan));
  const { samples } = data;
  const ground = { plan, anchors, data, atPoint };
  return {
    async evaluate(points, options = {}) {
      return await within(points, options, (own) =>
        visit(own, ground, points, options, NOWHERE, (totals) => sumUp(totals, 1, samples)[0]!),
      );
    },
    async labels(points, options = {}) {
      return await within(points, options, async (own) => {
        const winners = own.reserve(samples);
        const take = () => [...bytesAt(winners, samples)];
        return await visit(own, ground, points, options, winners, take);
      });
    },
    dispose: kept.release,
  };
}

/** What `take` makes of each point once its job is done, whose totals it is given. */
async function visit<T>(
  own: Arena,
  ground: Ground,
  points: readonly (readonly number[])[],
  { signal = cellSignal(), onProgress }: EvaluateOptions,
  winners: number,
  take: (totals: Float64Array) => T,
): Promise<T[]> {
  const { plan, data } = ground;
  const chunks = Math.ceil(data.samples / CHUNK);
  const job = evaluationIn(own, plan, data, winners);
  const share = () => Atomics.load(integers(job.control, 3), 2) / chunks;
  const taken: T[] = [];
  for (const [i, point] of points.entries()) {
    await packPoint(ground, point, job.weights);
    signal?.throwIfAborted();
    integers(job.control, 3).fill(0);
    doubles(job.totals, chunks * 2).fill(0);
    const tell = () => onProgress?.((i + share()) / points.length);
    await watchJob(runOnAll(job), job.control, signal, onProgress && tell);
    if (share() < 1) signal?.throwIfAborted();
    taken.push(take(doubles(job.totals, chunks * 2)));
  }
  return taken;
}

/** The job for one point, whose weights are still to come. */
function evaluationIn(
  own: Arena,
  plan: ImagePlan,
  { address, samples }: SparseDataset,
  winners: number,
): ImageEvaluation {
  const placed = placePlan(own, plan, 1);
  return {
    kind: 'imageEvaluation',
    control: numbersIn(own, [0, 0, 0]),
    network: placed.address,
    dataset: address,
    order: numbersIn(
      own,
      Uint32Array.from({ length: samples }, (_, i) => i),
    ),
    samples,
    chunk: CHUNK,
    weights: own.reserve(plan.whole * FLOAT),
    rooms: Array.from({ length: threadCount() }, () => roomIn(own, placed.bytes)),
    totals: own.reserve(Math.ceil(samples / CHUNK) * TOTALS),
    winners,
  };
}

async function packPoint(
  { plan, anchors, atPoint }: Ground,
  point: readonly number[],
  address: number,
): Promise<void> {
  const combined = linearCombination(point, anchors, 'evaluate');
  let weights = combined;
  try {
    weights = await atPoint(combined, point);
    packImages(plan, weights, address);
  } finally {
    disposeStateDict(combined, weights);
  }
}
