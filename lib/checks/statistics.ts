import type { Network } from '../nn';
import { type Datasets, evaluatePath, line, type Path, type PathFigures } from '../paths';
import type { StateDict } from '../weights';
import { type Check, check } from './check';
import { compareFigures } from './figures';

export type EvaluateOnPath = (path: Path, ts: number[]) => Promise<PathFigures>;

const TS = [0.25, 0.75];

/** Task 3.2: each point of a path has BatchNorm statistics of its own. */
export async function checkStatistics(
  network: Network,
  datasets: Datasets,
  w1: StateDict,
  w2: StateDict,
  answer: EvaluateOnPath,
): Promise<Check> {
  const path = line(w2, w1);
  const by = async (statistics: 'recomputed' | 'interpolated' | 'endpoint') =>
    await evaluatePath(network, path, TS, datasets, { statistics });
  const right = await by('recomputed');
  const [interpolated, endpoint] = [await by('interpolated'), await by('endpoint')];
  let measured: Promise<PathFigures> | undefined;
  const shows = (quantity: 'trainLoss' | 'testLoss') => async () => {
    measured ??= answer(path, TS);
    const others = {
      'those of statistics that were interpolated like weights': interpolated[quantity],
      "those of one end's statistics": endpoint[quantity],
    };
    const figures = (await measured)[quantity];
    return compareFigures(figures, right[quantity], others, (i) => `at t = ${TS[i]}`);
  };
  return check('3.2', {
    'the train losses are those of nets with statistics of their own': shows('trainLoss'),
    'so are the test losses': shows('testLoss'),
  });
}
