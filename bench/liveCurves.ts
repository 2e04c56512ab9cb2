import { readArguments, runCommand } from '../lib/command';
import { requireInteger } from '../lib/errors';
import { REDRAW_MS } from '../lib/notebook/progress';
import { startKernel } from '../test/kernel/client';
import { treeOf } from '../test/processes';
import { footprint } from './footprint';

/**
 * `npx tsx bench/liveCurves.ts`: what the curves under a bar cost a training, in a kernel, in processor
 * time of all its processes. First a drawing that is made and sent, and as many as a bar makes at the
 * most. Then the same training with a bar and its curves and without any bar, in turn, by the clock as
 * well. What a page takes to show it is not in it.
 */
const CELL = `
import { ClassifierFC, SGD, dataLoader, initialize, loadMnist, progress, subset, train } from 'pathlab/lab';
const images = subset((await loadMnist()).train, 6000, 42);
const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64, numHidden: 1, nonlinearity: 'relu' });
async function trained(epochs: number, curves: boolean) {
  const bar = curves ? progress(epochs, 'a training') : undefined;
  const model = { network, weights: initialize(network, 1) };
  await train(model, {
    loader: dataLoader(images, { batchSize: 128, shuffle: 1 }),
    optimizer: SGD({ learningRate: 0.1, momentum: 0.9 }),
    epochs: epochs,
    onEpoch: ({ epoch }) => bar?.update(epoch),
  });
  bar?.finish();
}`;
const BARS = 20;
/** Bars whose clock runs so fast that each of 100 epochs is drawn. */
const DRAWINGS = `{
  const { now } = performance;
  let clock = 0;
  performance.now = () => (clock += 1000);
  for (let i = 0; i < ${BARS}; i++) {
    const bar = progress(100, 'drawings');
    for (let n = 1; n <= 100; n++) bar.update(n, \`loss \${1 / n} nats, accuracy \${1 - 0.1 / n}\`);
  }
  performance.now = now;
}`;

async function liveCurves(): Promise<number> {
  const { values } = readArguments('liveCurves', {
    pairs: { type: 'string', default: '8' },
    epochs: { type: 'string', default: '300' },
  });
  const [count, epochs] = [Number(values.pairs), Number(values.epochs)];
  requireInteger('liveCurves', '--pairs', count, 1);
  requireInteger('liveCurves', '--epochs', epochs, 1);
  const kernel = await startKernel();
  const run = async (code: string) => {
    const { seconds: before } = footprint(treeOf(kernel.process.pid!));
    const begun = performance.now();
    const { reply, outputs } = await kernel.run(code);
    const clock = (performance.now() - begun) / 1000;
    if (reply.status !== 'ok') throw new Error(`${reply.evalue}`);
    const processor = footprint(treeOf(kernel.process.pid!)).seconds - before;
    return { processor, clock, drawings: outputs.length };
  };
  const training = (curves: boolean) => run(`await trained(${epochs}, ${curves});`);
  await run(CELL);
  await training(true);
  await run(DRAWINGS);
  const { processor, drawings } = await run(DRAWINGS);
  const each = processor / drawings;
  const share = (100_000 * each) / REDRAW_MS;
  console.log(
    `${(1000 * each).toFixed(2)} ms a drawing of ${drawings}, ${share.toFixed(2)} % of a core at the most`,
  );
  const pairs = [];
  for (let i = 0; i < count; i++) {
    // Whichever comes first may find a machine at rest.
    const first = await training(i % 2 === 0);
    const second = await training(i % 2 !== 0);
    pairs.push(i % 2 === 0 ? { bare: second, drawn: first } : { bare: first, drawn: second });
  }
  await kernel.close();
  for (const what of ['processor', 'clock'] as const) {
    const ratios = pairs.map(({ bare, drawn }) => drawn[what] / bare[what]).sort((a, b) => a - b);
    const middle = (ratios[(ratios.length - 1) >> 1]! + ratios[ratios.length >> 1]!) / 2;
    const seconds = pairs.map(({ bare }) => bare[what].toFixed(2)).join(', ');
    const range = [ratios[0]!, ratios.at(-1)!].map((ratio) => ratio.toFixed(3)).join(' to ');
    console.log(`${what}: with ÷ without ${middle.toFixed(3)} (${range}); without, s: ${seconds}`);
  }
  console.log(`outputs a training: ${pairs.map(({ drawn }) => drawn.drawings).join(', ')}`);
  return 0;
}

runCommand(liveCurves);
