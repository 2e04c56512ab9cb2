import { InputError } from '../errors';
import type { HistoryRow } from '../training';
import { type Curve, curvesSpec } from './curves';
import { counted, readable } from './numbers';
import type { PlotOptions, PlotSpec } from './spec';

/**
 * Trainings, run by run: loss (by its name; log axis) and accuracy against the epoch, train solid and
 * test, where it was measured, dashed.
 *
 * @param histories the rows of each run, by the run's name
 * @throws InputError when there is no run or a run has no row
 * @example
 * ```ts
 * const row = { epoch: 1, learningRate: 0.1, trainLoss: 0.5, trainAcc: 0.9 };
 * const svg = await renderSvg(historyPlot({ 'minimum 1': [row] }));
 * svg.startsWith('<svg'); // → true
 * ```
 */
export function historyPlot(
  histories: Readonly<Record<string, readonly HistoryRow[]>>,
  { title = 'Training', description }: PlotOptions = {},
): PlotSpec {
  const runs = Object.entries(histories);
  if (runs.length === 0) throw new InputError('historyPlot: no history; give at least one run');
  const curves = runs.flatMap(([name, rows]) => historyCurves(name, rows));
  return curvesSpec(curves, {
    title,
    subtitle: [],
    description: description ?? describe(runs),
    nameTitle: 'run',
    xTitle: 'epoch',
    xWhole: true,
    logLoss: true,
  });
}

function historyCurves(name: string, rows: readonly HistoryRow[]): Curve[] {
  if (rows.length === 0)
    throw new InputError(`historyPlot: run '${name}' has no epoch to show; report(…) each of them`);
  const tested = rows.filter((row) => row.testLoss !== undefined);
  const { lossName } = rows[0]!;
  const train: Curve = {
    ...(lossName !== undefined && { lossName }),
    name,
    set: 'train',
    x: rows.map((row) => row.epoch),
    loss: rows.map((row) => row.trainLoss),
    accuracy: rows.map((row) => row.trainAcc),
  };
  const test: Curve = {
    ...train,
    set: 'test',
    x: tested.map((row) => row.epoch),
    loss: tested.map((row) => row.testLoss ?? Number.NaN),
    accuracy: tested.map((row) => row.testAcc ?? Number.NaN),
  };
  return tested.length === 0 ? [train] : [train, test];
}

function describe(runs: readonly (readonly [string, readonly HistoryRow[]])[]): string {
  const ends = runs.map(([name, rows]) => {
    const last = rows.at(-1)!;
    const figures = `train loss ${readable(last.trainLoss)}, train accuracy ${readable(last.trainAcc)}`;
    return `${name} after ${counted(last.epoch, 'epoch')}: ${figures}`;
  });
  return `Loss and accuracy against the epoch; ${ends.join('; ')}.`;
}
