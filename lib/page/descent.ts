import { generator, permutation } from '../random';
import type { PlacedImages } from './images';
import { doublesIn, floatsIn, placeWhole, type Room, wholeIn } from './memory';

/** What a step takes of the kernels. */
export interface StepKernels {
  lossAndGradient(...addresses: number[]): void;
  sgd(...numbers: number[]): void;
}

/** The network for a step. */
export interface StepGround {
  readonly room: Room;
  readonly kernels: StepKernels;
  readonly plan: number;
  /** Floats of the weights, and bytes that a step of `BATCH` samples needs besides. */
  readonly size: number;
  readonly stepBytes: number;
}

/** SGD as the lab bends with it. */
export const BATCH = 128;
export const RATE = 0.05;
export const MOMENTUM = 0.9;
export const SEED = 7;

/** A descent by SGD that can be started anew; there is one at a time. */
export interface Descent {
  /** Where the weights are that it moves. */
  readonly weights: number;
  readonly steps: number;
  start(from: (weights: number) => void): void;
  /** Makes a step, with the batches that `dataLoader` gives of the same seed. */
  step(): void;
}

export function makeDescent(ground: StepGround, images: PlacedImages): Descent {
  const { room, kernels, plan, size, stepBytes } = ground;
  const [weights, gradient, buffer] = [0, 1, 2].map(() => room.reserve(4 * size)) as [
    number,
    number,
    number,
  ];
  const scratch = room.reserve(stepBytes);
  const totals = room.reserve(16);
  const meeting = placeWhole(room, [0, 0, 0, 0]);
  const order = room.reserve(4 * images.samples);
  const batches = Math.ceil(images.samples / BATCH);
  let steps = 0;
  return {
    weights,
    get steps() {
      return steps;
    },
    start(from) {
      from(weights);
      steps = 0;
    },
    step() {
      const batch = steps % batches;
      if (batch === 0) {
        const random = generator(SEED, steps / batches);
        wholeIn(room, order, images.samples).set(permutation(images.samples, random));
      }
      const first = batch * BATCH;
      const n = Math.min(BATCH, images.samples - first);
      const rows = Math.ceil(n / 4) * 4;
      doublesIn(room, totals, 2).fill(0);
      const samples = [images.address, order + 4 * first, n, rows, BATCH] as const;
      const results = [weights, gradient, scratch, totals] as const;
      kernels.lossAndGradient(plan, ...samples, ...results, 0, 1, meeting);
      const where = [1, 4 * size, 0] as const;
      const rule = [1, RATE, MOMENTUM, 0, 0, Number(steps === 0)] as const;
      kernels.sgd(weights, gradient, buffer, ...where, ...rule);
      steps++;
    },
  };
}

/** A copy of the weights as they are. */
export const weightsOf = (room: Room, { weights }: Descent, size: number): Float32Array =>
  floatsIn(room, weights, size).slice();
