import type { DataFrame } from 'danfojs-node';
import { InputError } from '../errors';
import type { PathFigures } from '../paths';
import type { HistoryRow } from '../training';

/** A training's history as a frame, one row an epoch. Losses in nats, accuracies in [0, 1]. */
export function historyFrame(rows: readonly HistoryRow[]): DataFrame {
  if (rows.length === 0) throw new InputError('historyFrame: the history has no epoch');
  return frame(rows);
}

/** A path's figures as a frame, one row a t. */
export function pathFrame(figures: PathFigures): DataFrame {
  const { ts, trainLoss, trainAcc, testLoss, testAcc } = figures;
  if (ts.length === 0) throw new InputError('pathFrame: the path has no t');
  return frame(
    ts.map((t, i) => ({
      t,
      trainLoss: trainLoss[i],
      trainAcc: trainAcc[i],
      testLoss: testLoss[i],
      testAcc: testAcc[i],
    })),
  );
}

/**
 * One row for each named thing, such as the measures of each path, its name in the first column
 * `name`; a column for each figure that any row has.
 */
export function summaryFrame<Row extends object>(rows: Readonly<Record<string, Row>>): DataFrame {
  const named = Object.entries(rows).map(([name, row]) => ({ name, ...row }));
  if (named.length === 0) throw new InputError('summaryFrame: no rows; give at least one');
  return frame(named);
}

/** A figure that a row does not have is NaN, as a missing number is in danfo. */
function frame(rows: readonly object[]): DataFrame {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const values = rows.map((row) => {
    const cells = row as Readonly<Record<string, unknown>>;
    return columns.map((column) => cells[column] ?? Number.NaN);
  });
  return new (danfo().DataFrame)(values, { columns });
}

/** Loading danfo takes most of a second, so it waits until a frame is wanted. */
function danfo(): typeof import('danfojs-node') {
  return require('danfojs-node');
}
