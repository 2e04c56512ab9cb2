import { parentPort } from 'node:worker_threads';
import { runCurvature } from './curvature/worker';
import { runImageJob } from './images/worker';
import type { Epoch, Evaluation, Job } from './jobs';
import { index, kernels, memory } from './kernels';
import { update } from './update';

/** A thread of the native engine: carries out jobs on the shared memory, one after the other. */

const FLOAT = 4;

/** Which of a meeting's numbers says how many batches there are to do. */
const BATCHES = 3;

function runEpoch(job: Epoch): void {
  const { plan, dataset, rows: most, weights, gradient, scratch, totals, family, own } = job;
  const { thread, threads, meeting } = job;
  const control = new Int32Array(memory.buffer, job.control, 2);
  const meets = new Int32Array(memory.buffer, meeting, 4);
  for (let k = 0; k < Atomics.load(meets, BATCHES); k++) {
    // Said before the others are met, so that all end with the same batch.
    if (thread === 0 && Atomics.load(control, 0) !== 0) Atomics.store(meets, BATCHES, k + 1);
    const n = Math.min(job.batchSize, job.samples - k * job.batchSize);
    const batch = [plan, dataset, job.order + k * job.batchSize * FLOAT, n] as const;
    let [point, factor] = [weights, 1];
    if (family) {
      const { addresses, count } = family;
      const coefficients = family.coefficients + k * count * FLOAT;
      for (const { from, lines, bytes, next } of own) {
        const where = [from, lines, bytes, next] as const;
        kernels.combineLines(family.point, ...where, count, addresses, coefficients);
      }
      point = family.point;
      factor = new Float32Array(memory.buffer, coefficients, count)[count - 1]!;
    }
    const results = [gradient, scratch, totals] as const;
    const others = [thread, threads, meeting] as const;
    if (job.wide) kernels.wideStep(...batch, most, point, ...results, ...others);
    else {
      const rows = Math.ceil(n / 4) * 4;
      kernels.lossAndGradient(...batch, rows, most, point, ...results, ...others);
    }
    for (const part of own) update(job, k, factor, part);
    if (thread === 0) Atomics.store(control, 1, k + 1);
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
      0,
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
