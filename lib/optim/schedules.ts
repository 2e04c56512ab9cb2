import { InputError, requireFinite, requireInteger } from '../errors';

/**
 * The factor of the base learning rate during an epoch, counted from 0. A pure function: a
 * resumed training asks for the epoch it is at, and nothing is stepped or saved.
 */
export type Schedule = (epoch: number) => number;

/**
 * The base rate throughout: 1. torch's ConstantLR with factor 1.
 *
 * @example
 * ```ts
 * constantLR(3); // → 1
 * ```
 */
export const constantLR: Schedule = () => 1;

/**
 * γ to the power ⌊epoch / stepSize⌋, as torch's StepLR.
 *
 * @throws InputError when stepSize is no integer of at least 1, or γ not finite
 * @example
 * ```ts
 * [1, 2, 4].map(stepLR({ stepSize: 2, gamma: 0.5 })); // → [ 1, 0.5, 0.25 ]
 * ```
 */
export function stepLR({ stepSize, gamma = 0.1 }: { stepSize: number; gamma?: number }): Schedule {
  requireInteger('stepLR', 'stepSize', stepSize, 1);
  requireFinite('stepLR', 'gamma', gamma);
  return (epoch) => gamma ** Math.floor(epoch / stepSize);
}

/**
 * γ to the power of the milestones reached (m ≤ epoch), in any order, as torch's MultiStepLR.
 *
 * @throws InputError when a milestone is no integer of at least 0, or γ not finite
 * @example
 * ```ts
 * [1, 2, 4].map(multiStepLR({ milestones: [2, 4], gamma: 0.5 })); // → [ 1, 0.5, 0.25 ]
 * ```
 */
export function multiStepLR({
  milestones,
  gamma = 0.1,
}: {
  milestones: readonly number[];
  gamma?: number;
}): Schedule {
  for (const milestone of milestones) requireInteger('multiStepLR', 'milestones', milestone, 0);
  requireFinite('multiStepLR', 'gamma', gamma);
  return (epoch) => gamma ** milestones.filter((milestone) => milestone <= epoch).length;
}

/**
 * minimumFactor + (1 − minimumFactor) · (1 + cos(π·epoch/epochs)) / 2: from 1 at epoch 0 to the
 * minimum at `epochs`, and up again beyond, as torch's CosineAnnealingLR with T_max = epochs and
 * eta_min = minimumFactor · base rate (Loshchilov, Hutter 2017, arXiv 1608.03983).
 *
 * @throws InputError when epochs is no integer of at least 1, or minimumFactor not in [0, 1]
 * @example
 * ```ts
 * [0, 5, 10].map(cosineAnnealingLR({ epochs: 10 })); // → [ 1, 0.5, 0 ]
 * ```
 */
export function cosineAnnealingLR({
  epochs,
  minimumFactor = 0,
}: {
  epochs: number;
  minimumFactor?: number;
}): Schedule {
  requireInteger('cosineAnnealingLR', 'epochs', epochs, 1);
  requireUnit('cosineAnnealingLR', 'minimumFactor', minimumFactor);
  return (epoch) =>
    minimumFactor + ((1 - minimumFactor) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
}

/**
 * start + (1 − start) · epoch/epochs during the first `epochs` epochs, then another schedule from
 * its own beginning: torch's LinearLR and `next` in a SequentialLR. `start` is torch's 1/3 unless
 * told.
 *
 * @throws InputError when epochs is no integer of at least 1, or start not in [0, 1]
 * @example
 * ```ts
 * [0, 1, 4].map(linearWarmup(4, constantLR, 0)); // → [ 0, 0.25, 1 ]
 * ```
 */
export function linearWarmup(epochs: number, next: Schedule = constantLR, start = 1 / 3): Schedule {
  requireInteger('linearWarmup', 'epochs', epochs, 1);
  requireUnit('linearWarmup', 'start', start);
  return (epoch) =>
    epoch < epochs ? start + ((1 - start) * epoch) / epochs : next(epoch - epochs);
}

function requireUnit(where: string, name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) {
    throw new InputError(`${where}: ${name} must be at least 0 and at most 1, got ${value}`);
  }
}
