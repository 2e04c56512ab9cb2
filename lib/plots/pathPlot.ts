import { InputError } from '../errors';
import type { TrainFigures } from '../paths';
import { legendName } from './colours';
import { type Curve, curvesSpec } from './curves';
import { readable } from './numbers';
import type { PlotOptions, PlotSpec } from './spec';

/**
 * Paths side by side: loss (nats) and accuracy against t, train solid and test dashed, with rules
 * at the path's ends t = 0 and t = 1. Each of the lab's modes has the same colour in every plot.
 *
 * @param figuresByMode what `evaluatePath` returned, by the mode's name
 * @param options title and text alternative
 * @throws InputError when there is no mode, or a mode's lists are empty or differ in length
 * @example
 * ```ts
 * const figures = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * await display(pathPlot({ linear_combination_of_two_minima: figures }));
 * ```
 */
export function pathPlot(
  figuresByMode: Readonly<Record<string, TrainFigures>>,
  options: PlotOptions = {},
): PlotSpec {
  return drawPaths('pathPlot', figuresByMode, false, options);
}

/**
 * The straight segment between two minima against the chain, on a log axis of the loss, where a
 * valley a hundred times lower still has a shape. The subtitle gives the largest train losses
 * on [0, 1].
 *
 * @param segment what `evaluatePath` returned on the straight line from w₁ to w₂
 * @param chain the same on the chain
 * @param options title and text alternative
 * @throws InputError when lists are empty or differ in length
 * @example
 * ```ts
 * const ts = linspace(0, 1, 3);
 * const segment = await evaluatePath(network, line(w2, w1), ts, datasets);
 * const bent = await evaluatePath(network, chain(w1, w2, theta), ts, datasets);
 * await display(segmentAgainstChain(segment, bent));
 * ```
 */
export function segmentAgainstChain(
  segment: TrainFigures,
  chain: TrainFigures,
  options: PlotOptions = {},
): PlotSpec {
  const modes = { linear_combination_of_two_minima: segment, '1-bend_chain': chain };
  return drawPaths('segmentAgainstChain', modes, true, {
    title: 'Segment against chain',
    ...options,
  });
}

function drawPaths(
  where: string,
  figuresByMode: Readonly<Record<string, TrainFigures>>,
  logLoss: boolean,
  { title = 'Loss and accuracy along the path', description }: PlotOptions,
): PlotSpec {
  const modes = Object.entries(figuresByMode);
  if (modes.length === 0) throw new InputError(`${where}: no figures; give at least one mode`);
  for (const [mode, figures] of modes) requireFigures(where, mode, figures);
  const peaks = modes.map(([mode, figures]) => `${legendName(mode)} ${peak(figures)}`).join('; ');
  return curvesSpec(
    modes.flatMap(([mode, figures]) => pathCurves(mode, figures)),
    {
      title,
      subtitle: logLoss ? [`largest train loss: ${peaks}`] : [],
      description: description ?? `${title}; largest train loss on [0, 1]: ${peaks}.`,
      nameTitle: 'path',
      xTitle: 't (fraction of the path)',
      logLoss,
      rules: [0, 1],
    },
  );
}

function pathCurves(name: string, figures: TrainFigures): Curve[] {
  const { ts: x, trainLoss, trainAcc, testLoss, testAcc } = figures;
  const onTrain: Curve = { name, set: 'train', x, loss: trainLoss, accuracy: trainAcc };
  if (testLoss === undefined || testAcc === undefined) return [onTrain];
  return [onTrain, { name, set: 'test', x, loss: testLoss, accuracy: testAcc }];
}

function requireFigures(where: string, mode: string, figures: TrainFigures): void {
  const { ts, trainLoss, trainAcc, testLoss, testAcc } = figures;
  const onTest = { ...(testLoss && { testLoss }), ...(testAcc && { testAcc }) };
  const lists = { trainLoss, trainAcc, ...onTest };
  const lengths = Object.entries(lists).map(([name, list]) => `${list.length} ${name}`);
  if (ts.length === 0 || Object.values(lists).some((list) => list.length !== ts.length)) {
    throw new InputError(
      `${where}: '${mode}' needs at least one t and as many figures of each kind, ` +
        `got ${ts.length} ts and ${lengths.join(', ')}`,
    );
  }
  if (!ts.every(Number.isFinite)) {
    throw new InputError(`${where}: every t of '${mode}' must be a finite number`);
  }
}

function peak({ ts, trainLoss }: TrainFigures): string {
  const points = ts.map((t, i) => ({ t, loss: trainLoss[i]! }));
  const inside = points.filter(({ t, loss }) => t >= 0 && t <= 1 && !Number.isNaN(loss));
  if (inside.length === 0) return 'not measured';
  const top = inside.reduce((best, point) => (point.loss > best.loss ? point : best));
  return `${readable(top.loss)} at t = ${readable(top.t)}`;
}
