import { cellSignal } from '../../../cancellation';
import type { Dataset } from '../../../data';
import type { StateDict } from '../../../weights';
import { arena, numbersIn } from '../memory';
import { runOnAll, threadCount } from '../pool';
import { sparseDataset } from '../sparse';
import { watchJob } from '../watchJob';
import type { ImagePlan } from './plan';
import { placePlan, roomIn } from './room';
import { packImages, unpackPoint } from './weights';

const FLOAT = 4;

/** The weights with the statistics of a pass over batches of these sizes, by all threads. */
export async function imageStatistics(
  plan: ImagePlan,
  weights: StateDict,
  dataset: Dataset,
  sizes: readonly number[],
  signal: AbortSignal | undefined = cellSignal(),
): Promise<StateDict> {
  signal?.throwIfAborted();
  const own = arena();
  try {
    const { address, samples } = own.hold(sparseDataset(dataset, plan));
    const placed = placePlan(own, plan, Math.max(...sizes));
    const at = own.reserve(plan.whole * FLOAT);
    packImages(plan, weights, at);
    const control = numbersIn(own, [0, 0]);
    const done = runOnAll({
      kind: 'imageStatistics',
      control,
      threads: threadCount(),
      meeting: numbersIn(own, [0, 0, 0, 0]),
      network: placed.upToStatistics,
      room: roomIn(own, placed.bytes),
      dataset: address,
      order: numbersIn(
        own,
        Uint32Array.from({ length: samples }, (_, i) => i),
      ),
      sizes,
      weights: at,
    });
    await watchJob(done, control, signal, undefined);
    signal?.throwIfAborted();
    return unpackPoint(plan, at, weights, 0);
  } finally {
    own.release();
  }
}
