import { InputError } from '../errors';
import type { TrainFigures } from '../paths';
import type { HistoryRow } from '../training';
import { danfo } from './danfoOf';
import type { Frame } from './frame';
import { DANFO_FIELDS } from './table';

/**
 * A training's history as a frame, one row an epoch. Losses in nats, accuracies in [0, 1].
 *
 * @param rows the history that `train` returned
 * @throws InputError when there is no row
 * @example
 * ```ts
 * historyFrame([{ epoch: 1, learningRate: 0.1, trainLoss: 0.5, trainAcc: 0.9 }]).columns; // → [ 'epoch', 'learningRate', 'trainLoss', 'trainAcc' ]
 * ```
 */
export function historyFrame(rows: readonly HistoryRow[]): Frame {
  if (rows.length === 0) throw new InputError('historyFrame: the history has no epoch');
  return frame(rows.map(({ lossName: _, ...figures }) => figures));
}

/**
 * A path's losses and accuracies as a frame, one row a t; those of test where there are any. A metric
 * called `nats` has the columns `train nats` and `test nats`; the penalty has one of its own.
 *
 * @param figures what `evaluatePath` returned; losses in nats, accuracies in [0, 1]
 * @throws InputError when the path has no t
 * @example
 * ```ts
 * const figures = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * pathFrame(figures).shape; // → [ 3, 5 ]
 * ```
 */
export function pathFrame(figures: TrainFigures): Frame {
  const { ts, trainLoss, trainAcc, testLoss, testAcc, penalty } = figures;
  if (ts.length === 0) throw new InputError('pathFrame: the path has no t');
  const columns = {
    ...{ t: ts, trainLoss, trainAcc },
    ...(testLoss && { testLoss }),
    ...(testAcc && { testAcc }),
    ...named('train', figures.trainMetrics),
    ...named('test', figures.testMetrics),
    ...(penalty && { penalty }),
  };
  const entries = Object.entries(columns);
  return frame(ts.map((_, i) => Object.fromEntries(entries.map(([name, own]) => [name, own[i]]))));
}

/** Metrics by their columns' names. */
function named(set: string, metrics: Readonly<Record<string, number[]>> = {}) {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, values]) => [`${set} ${name}`, values]),
  );
}

/**
 * One row for each named thing, such as the measures of each path, its name in the first column
 * `name`; a column for each figure that any row has.
 *
 * @param rows by their names, the figures of each
 * @throws InputError without a row, or when a figure is called `name` or as danfo's own fields
 * @example
 * ```ts
 * summaryFrame({ line: { maximum: 2 }, chain: { maximum: 0.1 } }).values; // → [ [ 'line', 2 ], [ 'chain', 0.1 ] ]
 * ```
 */
export function summaryFrame<Row extends object>(rows: Readonly<Record<string, Row>>): Frame {
  const named = Object.entries(rows).map(([name, row]) => ({ name, ...row }));
  if (Object.values(rows).some((row) => Object.hasOwn(row, 'name'))) {
    throw new InputError(
      'summaryFrame: a figure is called name, as the column of names; rename it',
    );
  }
  if (named.length === 0) throw new InputError('summaryFrame: no rows; give at least one');
  return frame(named, ['name']);
}

/**
 * A figure that a row does not have is NaN, as a missing number is in danfo. Columns stand as they
 * come, after those of `first`.
 *
 * @throws InputError when a column is called as a field of danfo's frames
 */
function frame(rows: readonly object[], first: readonly string[] = []): Frame {
  const columns = [...new Set([...first, ...rows.flatMap((row) => Object.keys(row))])];
  const hidden = columns.find((column) => DANFO_FIELDS.some((field) => field === column));
  if (hidden !== undefined) {
    throw new InputError(
      `a frame cannot have a column called ${hidden}, which danfo keeps for itself`,
    );
  }
  const values = rows.map((row) => {
    const cells = row as Readonly<Record<string, unknown>>;
    const own = (column: string) => (Object.hasOwn(cells, column) ? cells[column] : undefined);
    return columns.map((column) => own(column) ?? Number.NaN);
  });
  return new (danfo().DataFrame)(values, { columns });
}
