import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { readArguments, runCommand } from '../lib/command';
import { dataLoader, loadMnist, subset } from '../lib/data';
import { useBackend } from '../lib/engine';
import { InputError } from '../lib/errors';
import { writeAtomically } from '../lib/files';
import { ClassifierFC, crossEntropy, initialize } from '../lib/nn';
import { SGD } from '../lib/optim';
import { fitBend } from '../lib/paths';
import { renderSvg, type SeriesPoint, seriesPlot } from '../lib/plots';
import { projectRoot, shortPath } from '../lib/root';
import { performEpoch, train } from '../lib/training';
import { disposeStateDict } from '../lib/weights';
import { startKernel } from '../test/kernel/client';
import { treeOf } from '../test/processes';
import { footprint } from './footprint';
import type { Soaked } from './soaked';
import { jupyterlab, submissions } from './soakServers';

/**
 * Whether memory grows: `npx tsx bench/soak.ts training --minutes 60` trains, evaluates and fits bends
 * again and again; `cells` has one kernel run cell after cell; `submissions` is a grader at a class;
 * `jupyterlab` has 20 kernels started and stopped. Writes results/soak-NAME.svg, with `--publish`
 * docs/soak-NAME.svg, which docs/reliability.md shows.
 */

/** One round of each, after which all should be as before. */
const ROUNDS: Readonly<Record<string, () => Promise<Soaked>>> = {
  training,
  cells,
  submissions,
  jupyterlab,
};

async function soak(): Promise<number> {
  const options = {
    minutes: { type: 'string', default: '60' },
    publish: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = readArguments('soak', options);
  const [name = ''] = positionals;
  const begin = Object.hasOwn(ROUNDS, name) ? ROUNDS[name] : undefined;
  if (!begin) throw new InputError(`soak: say what, one of ${Object.keys(ROUNDS).join(', ')}`);
  const soaked = await begin();
  const points: SeriesPoint[] = [];
  const begun = performance.now();
  const minutes = () => (performance.now() - begun) / 60_000;
  let rounds = 0;
  for (let next = 0; minutes() < Number(values.minutes); rounds++) {
    if (!(await soaked.round(rounds))) break;
    if (minutes() < next) continue;
    const x = minutes();
    for (const [series, y] of Object.entries(soaked.memory())) points.push({ name: series, x, y });
    next = x + Number(values.minutes) / 120;
  }
  await soaked.close();
  const axes = { xTitle: 'time (minutes)', yTitle: 'memory (MB)' };
  const title = `${name}, ${rounds} rounds`;
  const file = join(projectRoot, values.publish ? 'docs' : 'results', `soak-${name}.svg`);
  writeAtomically(file, `${await renderSvg(seriesPlot(points, { ...axes, title }))}\n`);
  for (const series of new Set(points.map((point) => point.name))) {
    const own = points.filter((point) => point.name === series).map(({ y }) => y);
    const mean = (some: number[]) => some.reduce((sum, y) => sum + y, 0) / some.length;
    const quarter = Math.ceil(own.length / 4);
    const [second, last] = [own.slice(quarter, 2 * quarter), own.slice(-quarter)].map(mean);
    console.log(
      `${series}: ${second!.toFixed(1)} MB in the second quarter, ${last!.toFixed(1)} in the last`,
    );
  }
  console.log(
    `${rounds} rounds in ${minutes().toFixed(1)} minutes; the picture is ${shortPath(file)}`,
  );
  return 0;
}

async function training(): Promise<Soaked> {
  await useBackend();
  const images = subset((await loadMnist()).train, 2000, 42);
  const network = ClassifierFC({
    inputShape: [1, 28, 28],
    outputSize: 10,
    hiddenDim: 64,
    numHidden: 1,
  });
  const loader = () => dataLoader(images, { batchSize: 128, shuffle: 7 });
  const tensors = tf.memory().numTensors;
  async function trained(seed: number) {
    const model = { network, weights: initialize(network, seed) };
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    await train(model, { loader: loader(), optimizer, epochs: 3 });
    await performEpoch(model, loader(), crossEntropy);
    optimizer.dispose();
    return model.weights;
  }
  return {
    async round(i) {
      const [w1, w2] = [await trained(2 * i), await trained(2 * i + 1)];
      const optimizer = SGD({ learningRate: 0.05, momentum: 0.9 });
      const { theta } = await fitBend(network, w1, w2, {
        loader: loader(),
        optimizer,
        epochs: 2,
        seed: i,
      });
      optimizer.dispose();
      for (const weights of [w1, w2, theta]) disposeStateDict(weights);
      const left = tf.memory().numTensors - tensors;
      if (left !== 0) throw new Error(`${left} tensors are left after round ${i}`);
      return true;
    },
    memory() {
      const { rss, heapUsed, external } = process.memoryUsage();
      return {
        resident: rss / 1e6,
        'JavaScript heap': heapUsed / 1e6,
        'outside of it': external / 1e6,
      };
    },
    close: async () => undefined,
  };
}

/** A student's session: the lab imported once, then small cells. */
async function cells(): Promise<Soaked> {
  const kernel = await startKernel();
  const run = async (code: string) => {
    const { reply } = await kernel.run(code);
    if (reply.status !== 'ok') throw new Error(`${reply.evalue}`);
  };
  await run(
    "import * as tf from '@tensorflow/tfjs'; import { display, linspace } from 'pathlab/lab';",
  );
  return {
    async round(i) {
      await run(
        `const x${i} = linspace(0, 1, ${2 + (i % 30)}); console.log(x${i}.length); x${i}.map((t) => t * ${i})`,
      );
      return true;
    },
    memory: () => ({ 'all processes of a kernel': footprint(treeOf(kernel.process.pid!)).memory }),
    close: () => kernel.close(),
  };
}

runCommand(soak);
