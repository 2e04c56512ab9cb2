import type { CurvatureJob } from '../jobs';
import { index, kernels, memory } from '../kernels';

/** Parts of a gradient or a product, each summed in its own place, until none is left. */
export function runCurvature(job: CurvatureJob): void {
  const { plan, dataset, samples, weights, kept, starts, entries, size, order, task } = job;
  const control = new Int32Array(memory.buffer, job.control, 2);
  const scratch = job.scratch[index]!;
  for (;;) {
    // The first number is the stop of `watchJob`.
    if (Atomics.load(control, 0) !== 0) return;
    const part = Atomics.add(control, 1, 1);
    if (part >= job.parts) return;
    const from = part * job.partSize;
    const to = Math.min(samples, from + job.partSize);
    const sum = job.sums + part * size * Float32Array.BYTES_PER_ELEMENT;
    new Float32Array(memory.buffer, sum, size).fill(0);
    const given = [
      plan,
      dataset,
      order,
      from,
      to,
      samples,
      weights,
      kept,
      starts,
      entries,
      sum,
      scratch,
    ] as const;
    if (task.kind === 'product') {
      kernels.curvatureProduct(...given, task.direction, Number(task.ofNetwork));
    } else {
      const totals = task.totals + part * 16;
      new Float64Array(memory.buffer, totals, 2).fill(0);
      kernels.prepareCurvature(...given, totals);
    }
  }
}
