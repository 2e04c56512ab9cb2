import type { Engine, Metrics } from '../engine';
import { InputError, requireKnown } from '../errors';
import type { LossFunction } from '../nn';
import { requireNonNegative } from '../optim/options';
import type { StatisticsOptions } from './pointStatistics';

/** What is measured, who evaluates, what it tells, and what stops it. */
export interface EvaluationOptions extends StatisticsOptions {
  /** The mean loss of a batch; by default `crossEntropy`. */
  readonly lossFunction?: LossFunction | undefined;
  /** @deprecated The name of before: `lossFunction`, as trainings and bends have it. */
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
  'lossFunction',
  'metrics',
  'weightDecay',
  'statistics',
  'statisticsFrom',
  'engine',
  'signal',
  'onPoint',
] satisfies (keyof EvaluationOptions)[];

/**
 * The options, a loss under its name of before under its own.
 *
 * @throws InputError on an option that would be ignored, and on a loss, metric or weight decay that is none
 */
export function checkedOptions<O extends EvaluationOptions>(
  where: string,
  { loss, ...given }: O,
  names: readonly string[],
): Omit<O, 'loss'> {
  requireKnown(where, 'option', given, names);
  if (loss !== undefined && given.lossFunction !== undefined) {
    throw new InputError(`${where}: loss is lossFunction's name of before; give one of the two`);
  }
  const { lossFunction = loss, metrics = {}, weightDecay } = given;
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics)) {
    throw new InputError(`${where}: metrics must be { name: function }, got ${metrics}`);
  }
  const functions = { ...(lossFunction !== undefined && { lossFunction }), ...metrics };
  for (const [name, one] of Object.entries(functions)) {
    if (typeof one === 'function') continue;
    throw new InputError(
      `${where}: ${name} must be a function (logits, labels) => scalar, as crossEntropy is, got ${one}`,
    );
  }
  if (weightDecay !== undefined) requireNonNegative(where, 'weightDecay', weightDecay);
  const isAsked = Object.keys(metrics).length > 0;
  return { ...given, lossFunction, metrics: isAsked ? metrics : undefined };
}
