import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { readArguments, runCommand } from '../lib/command';
import { loadMnist, take } from '../lib/data';
import { nativeEngine, useBackend } from '../lib/engine';
import { requireRoom, writeAtomically } from '../lib/files';
import { ClassifierFC, initialize } from '../lib/nn';
import { renderSvg } from '../lib/plots';
import { projectRoot, shortPath } from '../lib/root';

/**
 * How the evaluation of many points grows with what it is asked for: `npx tsx bench/scaling.ts`
 * writes results/scaling.svg, with `--publish` bench/scaling.svg, which docs/speed.md shows. Each panel has the line that the count of arithmetic promises, drawn
 * through the largest measurement, so that a wrong power shows.
 */

interface Measured {
  readonly panel: string;
  readonly x: number;
  readonly seconds: number;
}

/** The power of x that the time should grow with. */
const POWERS: Readonly<Record<string, number>> = {
  'grid points': 1,
  'hidden width': 1,
  'hidden layers of 64 after the first': 1,
  cores: -1,
};
const SAMPLES = 10_000;

async function measure(points: number, hiddenDim: number, numHidden: number): Promise<number> {
  const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim, numHidden });
  const anchors = [1, 2, 3].map((seed) => initialize(network, seed));
  const dataset = take((await loadMnist()).train, SAMPLES);
  const evaluator = nativeEngine.evaluator(network, anchors, dataset);
  const side = Math.round(Math.sqrt(points));
  const grid = Array.from({ length: points }, (_, i) => [1, (i % side) / side, i / points]);
  await evaluator.evaluate(grid.slice(0, 20));
  const begun = performance.now();
  await evaluator.evaluate(grid);
  const seconds = (performance.now() - begun) / 1000;
  evaluator.dispose();
  return seconds;
}

async function scaling(): Promise<number> {
  const options = { publish: { type: 'boolean', default: false } } as const;
  const { values, positionals } = readArguments('scaling', options);
  const picture = join(projectRoot, values.publish ? 'bench' : 'results', 'scaling.svg');
  await useBackend();
  if (positionals[0] === 'cores') {
    console.log(await measure(2500, 64, 1));
    return 0;
  }
  requireRoom(dirname(picture));
  const measured: Measured[] = [];
  const add = (panel: string, x: number, seconds: number) => {
    measured.push({ panel, x, seconds });
    console.log(`${panel} ${x}: ${seconds.toFixed(3)} s`);
  };
  for (const side of [10, 18, 32, 56, 100]) {
    add('grid points', side * side, await measure(side * side, 64, 1));
  }
  for (const width of [32, 64, 128, 256, 512, 1024]) {
    add('hidden width', width, await measure(400, width, 1));
  }
  for (const depth of [1, 2, 4, 8]) {
    add('hidden layers of 64 after the first', depth, await measure(400, 64, depth + 1));
  }
  for (let cores = 1; cores <= availableParallelism(); cores *= 2) {
    const { stdout } = spawnSync(
      process.execPath,
      ['--require', 'tsx/cjs', join(__dirname, 'scaling.ts'), 'cores'],
      { encoding: 'utf8', env: { ...process.env, LAB_THREADS: String(cores) } },
    );
    add('cores', cores, Number(stdout));
  }
  writeAtomically(picture, `${await renderSvg(plot(measured))}\n`);
  console.log(`the picture is ${shortPath(picture)}`);
  return 0;
}

function plot(measured: readonly Measured[]) {
  const panels = Object.entries(POWERS).map(([panel, power]) => {
    const points = measured.filter((point) => point.panel === panel);
    const last = points.at(-1)!;
    const expected = points.map(({ x }) => ({ x, seconds: last.seconds * (x / last.x) ** power }));
    const axis = { type: 'log', nice: false };
    return {
      width: 180,
      height: 180,
      layer: [
        {
          data: { values: expected },
          mark: { type: 'line', color: '#777', strokeDash: [4, 3] },
          encoding: {},
        },
        { data: { values: points }, mark: { type: 'point', filled: true, size: 60 }, encoding: {} },
      ],
      encoding: {
        x: { field: 'x', type: 'quantitative', scale: axis, title: panel, axis: { tickCount: 4 } },
        y: { field: 'seconds', type: 'quantitative', scale: { type: 'log' }, title: 'time (s)' },
      },
    };
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description:
      'Time of evaluating many points against grid points, hidden width, hidden layers and cores; ' +
      'dots measured, dashed lines the growth that the count of arithmetic promises.',
    background: 'white',
    hconcat: panels,
  };
}

runCommand(scaling);
