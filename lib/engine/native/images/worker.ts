import { generator } from '../../../random';
import type {
  ImageEpoch,
  ImageEvaluation,
  ImageJob,
  ImageStatistics,
  Mask,
  Together,
} from '../jobs';
import { index, kernels, memory } from '../kernels';
import { update } from '../update';

/** A thread's part of the jobs that all threads do together, each thread knowing its number. */

const FLOAT = 4;
const VECTOR = 4 * FLOAT;
const TOTALS = 16;
/** Of a batch's statistics in the running ones, as PyTorch's default. */
const MOMENTUM = 0.1;
/** Which of a meeting's numbers says that all go on. */
const GOES_ON = 3;

export function runImageJob(job: ImageJob): void {
  if (job.kind === 'imageEvaluation') runEvaluation(job);
  else if (job.kind === 'imageEpoch') runEpoch(job);
  else runStatistics(job);
}

const meetingOf = ({ meeting }: Together) => new Int32Array(memory.buffer, meeting, 4);

/** The first thread prepares the next batch and says whether there is one; all meet there. */
function goesOn(job: Together & { control: number }, prepare?: () => void): boolean {
  const own = meetingOf(job);
  if (index === 0) {
    const stopped = Atomics.load(new Int32Array(memory.buffer, job.control, 1), 0) !== 0;
    if (!stopped) prepare?.();
    Atomics.store(own, GOES_ON, Number(!stopped));
  }
  kernels.meet(job.meeting, job.threads);
  return Atomics.load(own, GOES_ON) === 1;
}

function runEpoch(job: ImageEpoch): void {
  const { threads, meeting, network, dataset, room, weights, gradient, totals, family } = job;
  const done = new Int32Array(memory.buffer, job.control, 2);
  const random = generator(...job.seed);
  const [from, bytes] = shareOf(job.size * FLOAT, threads);
  for (let k = 0; k < job.batches; k++) {
    const n = Math.min(job.batchSize, job.samples - k * job.batchSize);
    if (!goesOn(job, () => drawMasks(job, n, random))) return;
    const indices = job.order + k * job.batchSize * FLOAT;
    let [point, factor] = [weights, 1];
    if (family) {
      const coefficients = family.coefficients + k * family.count * FLOAT;
      const at = family.point + from;
      kernels.combine(at, bytes, family.count, family.addresses, coefficients, from);
      kernels.meet(meeting, threads);
      point = family.point;
      factor = new Float32Array(memory.buffer, coefficients, family.count)[family.count - 1]!;
    }
    // Statistics seen elsewhere than at the moving point say nothing about it.
    const momentum = family ? 0 : MOMENTUM;
    const batch = [network, dataset, indices, n, room, point, gradient, momentum, totals] as const;
    kernels.learnTogether(...batch, index, threads, meeting);
    update(job, k, factor, { from, lines: 1, bytes, next: 0 });
    if (index === 0) Atomics.store(done, 1, k + 1);
  }
}

/** Where a thread's share of so many bytes begins, and how many they are; whole vectors. */
function shareOf(bytes: number, threads: number): [from: number, bytes: number] {
  const vectors = bytes / VECTOR;
  const [from, to] = [index, index + 1].map((i) => Math.floor((vectors * i) / threads) * VECTOR);
  return [from!, to! - from!];
}

/** As `dropout` of lib/nn draws them: layer by layer, each batch in the order of its numbers. */
function drawMasks({ masks, room }: ImageEpoch, n: number, random: ReturnType<typeof generator>) {
  for (const mask of masks) drawMask(mask, room, n, random);
}

function drawMask(
  { at, rate, height, width, channels, padded, border }: Mask,
  room: number,
  n: number,
  random: ReturnType<typeof generator>,
): void {
  const row = (width + 2 * border) * padded;
  const image = (height + 2 * border) * row;
  const mask = new Float32Array(memory.buffer, room + at, n * image);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = i * image + (y + border) * row + (x + border) * padded;
        for (let c = 0; c < channels; c++) mask[pixel + c] = random.uniform() < rate ? 0 : kept;
      }
    }
  }
}

function runStatistics(job: ImageStatistics): void {
  const { threads, meeting, network, dataset, room, weights } = job;
  const done = new Int32Array(memory.buffer, job.control, 2);
  let from = 0;
  for (const [k, n] of job.sizes.entries()) {
    if (!goesOn(job)) return;
    const indices = job.order + from * FLOAT;
    const batch = [network, dataset, indices, n, room, weights, 1 / (k + 1), 0] as const;
    kernels.forwardTogether(...batch, index, threads, meeting);
    from += n;
    if (index === 0) Atomics.store(done, 1, k + 1);
  }
}

function runEvaluation(job: ImageEvaluation): void {
  const { network, dataset, order, samples, weights, winners } = job;
  const control = new Int32Array(memory.buffer, job.control, 3);
  const room = job.rooms[index]!;
  for (;;) {
    const chunk = Atomics.add(control, 1, 1);
    const from = chunk * job.chunk;
    if (from >= samples || Atomics.load(control, 0) !== 0) return;
    const to = Math.min(samples, from + job.chunk);
    const totals = job.totals + chunk * TOTALS;
    kernels.evaluateImages(network, dataset, order, from, to, room, weights, totals, winners);
    Atomics.add(control, 2, 1);
  }
}
