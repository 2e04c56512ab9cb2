import { parentPort } from 'node:worker_threads';
import { runCurvature } from './curvature/worker';
import { runImageJob } from './images/worker';
import type { Epoch, Evaluation, Job } from './jobs';
import { index, kernels, memory } from './kernels';
import { update } from './update';

/** A thread of the native engine: carries out jobs on the shared memory, one after the other. */

const FLOAT = 4;

function runEpoch(job: Epoch): void {
  const { plan, dataset, weights, gradient, scratch, totals, size, family } = job;
  const control = new Int32Array(memory.buffer, job.control, 2);
  const bytes = size * FLOAT;
  for (let k = 0; k < job.batches && Atomics.load(control, 0) === 0; k++) {
    const n = Math.min(job.batchSize, job.samples - k * job.batchSize);
    const indices = job.order + k * job.batchSize * FLOAT;
    let [point, factor] = [weights, 1];
    if (family) {
      const coefficients = family.coefficients + k * family.count * FLOAT;
      kernels.combine(family.point, bytes, family.count, family.addresses, coefficients, 0);
      point = family.point;
      factor = new Float32Array(memory.buffer, coefficients, family.count)[family.count - 1]!;
    }
    const rows = Math.ceil(n / 4) * 4;
    kernels.lossAndGradient(plan, dataset, indices, n, rows, point, gradient, scratch, totals);
    // 0 times a gradient that is not finite is still nothing.
    if (factor === 0) new Float32Array(memory.buffer, gradient, size).fill(0);
    update(job, k, factor, 0, bytes);
    Atomics.store(control, 1, k + 1);
  }
}

function runEvaluation(job: Evaluation): void {
  const { plan, dataset, anchors, count, coefficients, points, group } = job;
  const control = new Int32Array(memory.buffer, job.control, 3);
  const scratch = job.scratch[index]!;
  for (;;) {
    const chunk = Atomics.add(control, 1, 1);
    const from = chunk * job.chunk;
    if (from >= job.samples || Atomics.load(control, 0) !== 0) return;
    const to = Math.min(job.samples, from + job.chunk);
    const totals = job.totals + chunk * points * 16;
    kernels.evaluateSamples(
      plan,
      dataset,
      from,
      to,
      anchors,
      count,
      coefficients,
      points,
      group,
      scratch,
      totals,
      job.winners,
    );
    Atomics.add(control, 2, 1);
  }
}

parentPort?.on('message', (job: Job) => {
  let error: string | undefined;
  try {
    if (job.kind === 'epoch') runEpoch(job);
    else if (job.kind === 'evaluate') runEvaluation(job);
    else if (job.kind === 'curvature') runCurvature(job);
    else runImageJob(job);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  parentPort?.postMessage({ error });
});
