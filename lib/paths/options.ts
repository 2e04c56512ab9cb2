import type { Engine, Metrics } from '../engine';
import { InputError, requireFinite, requireKnown } from '../errors';
import type { LossFunction } from '../nn';
import type { StatisticsOptions } from './pointStatistics';

/** What is measured, who evaluates, what it tells, and what stops it. */
export interface EvaluationOptions extends StatisticsOptions {
  /** The mean loss of a batch; by default `crossEntropy`. */
  readonly loss?: LossFunction | undefined;
  /** What to measure beside loss and accuracy, by its names; by default nothing. */
  readonly metrics?: Metrics | undefined;
  /**
   * λ of the `penalty` ½·λ·|w|², which `SGD({ weightDecay: λ })` descends together with the loss; over
   * all weights, biases too, but no buffers. By default there is no penalty among the figures.
   */
  readonly weightDecay?: number | undefined;
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
  /** Told while it runs, and at its end, how many of all points, train and test together, are done. */
  readonly onPoint?: (done: number, total: number) => void;
}

/** The names of what `EvaluationOptions` has. */
export const OPTIONS: readonly string[] = [
  'loss',
  'metrics',
  'weightDecay',
  'statistics',
  'statisticsFrom',
  'engine',
  'signal',
  'onPoint',
] satisfies (keyof EvaluationOptions)[];

/** @throws InputError on an option that would be ignored, and on a loss, metric or weight decay that is none */
export function requireOptions(
  where: string,
  options: EvaluationOptions,
  names: readonly string[],
): void {
  requireKnown(where, 'option', options, names);
  const { loss, metrics = {} } = options;
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics)) {
    throw new InputError(`${where}: metrics must be { name: function }, got ${metrics}`);
  }
  for (const [name, one] of [['loss', loss] as const, ...Object.entries(metrics)]) {
    if (typeof one === 'function' || (name === 'loss' && one === undefined)) continue;
    throw new InputError(
      `${where}: ${name} must be a function (logits, labels) => scalar, as crossEntropy is, got ${one}`,
    );
  }
  if (options.weightDecay !== undefined) requireFinite(where, 'weightDecay', options.weightDecay);
}
