import type { Network } from '../nn';
import { type Datasets, evaluatePath, line, type Path, type PathFigures } from '../paths';
import { generator } from '../random';
import type { StateDict } from '../weights';
import { asking, type Check, check, withFields } from './check';
import { compareFigures, type Tolerance } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';

/** Task 3.2's function: the figures at each t of a path, each point with statistics of its own. */
export type EvaluateOnPath = (path: Path, ts: number[]) => Promise<PathFigures>;

/** Float32 all through a deep net, whose statistics are sums as well. */
const TOLERANCE: Tolerance = { absolute: 1e-4, relative: 2e-3 };

/**
 * Task 3.2: each point of a path has BatchNorm statistics of its own. Tried at two points of it.
 *
 * @param network a network with BatchNorm
 * @param datasets what the figures are to be measured on
 * @param w1 one end of the path that is tried
 * @param w2 the other end
 * @param answer the student's function
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const normalised = VGG({ depth: 11, width: 1 / 64, dropout: 0, inputShape: [1, 28, 28] });
 * const images = makeDataset({ name: 'eight', images: new Uint8Array(8 * 784).map((_, i) => i % 251), labels: new Uint8Array(8), imageShape: [1, 28, 28], classes: 10 });
 * const both = { train: images, test: images };
 * const { task } = await checkStatistics(normalised, both, initialize(normalised, 1), initialize(normalised, 2), (path, ts) =>
 *   evaluatePath(normalised, path, ts, both),
 * );
 * task; // → '3.2'
 * ```
 */
export async function checkStatistics(
  network: Network,
  datasets: Datasets,
  w1: StateDict,
  w2: StateDict,
  answer: EvaluateOnPath,
  seed = 1,
): Promise<Check> {
  const random = generator(seed);
  const ts = [0.2, 0.6].map((t) => Number((t + 0.2 * random.uniform()).toFixed(2)));
  const path = line(w2, w1);
  const given = [...ts];
  const changed = watch({ 'the path': [w1, w2], ts: given });
  const by = async (statistics: 'recomputed' | 'interpolated' | 'endpoint') =>
    await evaluatePath(network, path, ts, datasets, { statistics });
  const right = await by('recomputed');
  const [interpolated, endpoint] = [await by('interpolated'), await by('endpoint')];
  let measured: Promise<PathFigures> | undefined;
  const shows = (quantity: 'trainLoss' | 'testLoss') => async () => {
    measured ??= asking(() => answer(path, given));
    const others = {
      'those of statistics that were interpolated like weights': interpolated[quantity],
      "those of one end's statistics": endpoint[quantity],
    };
    const figures = withFields(await measured, quantity)[quantity];
    return compareFigures(figures, right[quantity], others, (i) => `at t = ${ts[i]}`, TOLERANCE);
  };
  return check(
    { task: '3.2', name: 'checkStatistics' },
    {
      'the train losses are those of nets with statistics of their own': shows('trainLoss'),
      'so are the test losses': shows('testLoss'),
      [AS_BEFORE]: leavesAsBefore(changed),
    },
  );
}
