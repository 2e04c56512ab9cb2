import { InputError } from '../errors';
import type { TrainFigures } from '../paths';
import { legendName } from './colours';
import { type Curve, curvesSpec } from './curves';
import { directionsOf } from './names';
import { readable } from './numbers';
import type { PlotOptions, PlotSpec } from './spec';

/**
 * Paths side by side: loss and accuracy against t, train solid and test dashed, with rules at the
 * paths' ends t = 0 and t = 1. The axes tell which loss it is, and from where to where t runs, as the
 * figures have it (`lossName`, `ends`); where paths have different ends, the subtitle does. Each of the
 * lab's modes has the same colour in every plot.
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
 * on [0, 1], and says where the segment runs the other way, from w₂ to w₁, as `line(w1, w2)` does.
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
  const { ends = ['w₁', 'w₂'] as const } = chain;
  const ofSegment = runsOtherWay(segment, chain) ? ([ends[1], ends[0]] as const) : ends;
  const modes = {
    linear_combination_of_two_minima: { ...segment, ends: ofSegment },
    '1-bend_chain': { ...chain, ends },
  };
  return drawPaths('segmentAgainstChain', modes, true, {
    title: 'Segment against chain',
    ...options,
  });
}

/** Two figures at the same point differ by less than this part: others were rounded on the way. */
const SAME = 1e-3;

/** Whether the segment, by its losses, begins where the chain ends, and ends where it begins. */
function runsOtherWay(segment: TrainFigures, chain: TrainFigures): boolean {
  const at = ({ ts, trainLoss }: TrainFigures, t: number) => trainLoss[ts.indexOf(t)] ?? Number.NaN;
  const isSame = (t: number, onChain: number) => {
    const [a, b] = [at(segment, t), at(chain, onChain)];
    return Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
  };
  return isSame(0, 1) && isSame(1, 0) && !(isSame(0, 0) && isSame(1, 1));
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
  const { xTitle, notes } = directionsOf(figuresByMode);
  const peaks = modes.map(([mode, figures]) => `${legendName(mode)} ${peak(figures)}`).join('; ');
  return curvesSpec(
    modes.flatMap(([mode, figures]) => pathCurves(mode, figures)),
    {
      title,
      subtitle: [...(logLoss ? [`largest train loss: ${peaks}`] : []), ...notes],
      description: description ?? `${title}; largest train loss on [0, 1]: ${peaks}.`,
      nameTitle: 'path',
      xTitle,
      logLoss,
      rules: [0, 1],
    },
  );
}

function pathCurves(name: string, figures: TrainFigures): Curve[] {
  const { ts: x, trainLoss, trainAcc, testLoss, testAcc, lossName } = figures;
  const own = { ...(lossName !== undefined && { lossName }), name, x };
  const onTrain: Curve = { ...own, set: 'train', loss: trainLoss, accuracy: trainAcc };
  if (testLoss === undefined || testAcc === undefined) return [onTrain];
  return [onTrain, { ...own, set: 'test', loss: testLoss, accuracy: testAcc }];
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
