import { InputError } from '../errors';
import { control, type Model, slider } from '../kernel/widgets';
import type { Network } from '../nn';
import { type Datasets, evaluatePath, type Path, type PathFigures } from '../paths';
import { type PlotSpec, pathPlot, renderSvg } from '../plots';
import { legendName } from '../plots/colours';
import { readable } from '../plots/numbers';
import { escapeHtml } from '../text';
import { mimeBundle } from './display';

/** Where the slider goes, and what is shown where there are no widgets. */
export interface LivePathOptions {
  /** The ends of the slider; beyond 0 and 1 a path goes on as its definition says. */
  readonly from?: number;
  readonly to?: number;
  /** What is shown where there are no widgets: in an exported notebook, in other front ends. */
  readonly instead: PlotSpec;
}

/** Stops of the slider. */
const STOPS = 200;

/**
 * A slider along t. While it is dragged the engine evaluates each path there, on all of train and
 * test, and the curve through all points so far is drawn; of the places that the slider passes
 * while one is evaluated, only the last is.
 *
 *     await livePath(network, { '1-bend_chain': bent }, datasets, { instead: pathPlot(…) })
 *
 * @param paths the paths by their names; their weights must live as long as the slider does
 * @throws InputError when there is no path, or from ≥ to
 * @example
 * ```ts
 * // in a notebook
 * const figures = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * await livePath(network, { line: line(w1, w2) }, datasets, { instead: pathPlot({ line: figures }) });
 * ```
 */
export async function livePath(
  network: Network,
  paths: Readonly<Record<string, Path>>,
  datasets: Datasets,
  { from = 0, to = 1, instead }: LivePathOptions,
): Promise<Model> {
  if (Object.keys(paths).length === 0) throw new InputError('livePath: no paths; give one');
  if (!(from < to)) throw new InputError(`livePath: expected from < to, got ${from} and ${to}`);
  const fallback = await mimeBundle(instead);
  const value = (from + to) / 2;
  const t = slider({ min: from, max: to, step: (to - from) / STOPS, value, label: 't' });
  const picture = control('HTML');
  const seen = Object.keys(paths).map(() => new Map<number, PathFigures>());

  const evaluate = async (at: number) => {
    for (const [k, path] of Object.values(paths).entries()) {
      seen[k]!.set(at, await evaluatePath(network, path, [at], datasets));
    }
    const told = Object.keys(paths).map((name, k) => tell(name, seen[k]!.get(at)!));
    const curves = Object.keys(paths).map((name, k) => [name, joined([...seen[k]!.values()])]);
    const plot = pathPlot(Object.fromEntries(curves), { title: 'The points so far' });
    picture.set({ value: `${told.join('')}${await renderSvg(plot)}` });
  };

  t.onChange(evaluate);
  await evaluate(value);
  const children = [t.model.reference, picture.reference];
  return control('VBox', { children }, { instead: () => fallback });
}

/** The figures of single points as those of one path, in the order of t. */
function joined(points: readonly PathFigures[]): PathFigures {
  const inOrder = points.toSorted((a, b) => a.ts[0]! - b.ts[0]!);
  const { ends } = inOrder[0]!;
  return {
    ...(ends && { ends }),
    ts: inOrder.flatMap(({ ts }) => ts),
    trainLoss: inOrder.flatMap(({ trainLoss }) => trainLoss),
    trainAcc: inOrder.flatMap(({ trainAcc }) => trainAcc),
    testLoss: inOrder.flatMap(({ testLoss }) => testLoss),
    testAcc: inOrder.flatMap(({ testAcc }) => testAcc),
  };
}

function tell(name: string, { ts, ...figures }: PathFigures): string {
  return `<div>${escapeHtml(legendName(name))} at t = ${readable(ts[0]!)}: ${tellPoint({
    trainLoss: figures.trainLoss[0]!,
    trainAcc: figures.trainAcc[0]!,
    testLoss: figures.testLoss[0]!,
    testAcc: figures.testAcc[0]!,
  })}</div>`;
}

/** The figures of one point of weight space in words. */
export function tellPoint({
  trainLoss,
  trainAcc,
  testLoss,
  testAcc,
}: Readonly<Record<'trainLoss' | 'trainAcc' | 'testLoss' | 'testAcc', number>>): string {
  return (
    `train loss ${readable(trainLoss)} nats, accuracy ${readable(trainAcc)}; ` +
    `test loss ${readable(testLoss)} nats, accuracy ${readable(testAcc)}`
  );
}
