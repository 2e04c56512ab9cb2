import { dataLoader, makeDataset } from '../data';
import { crossEntropy, initialize, VGG } from '../nn';
import { SGD } from '../optim';
import { generator } from '../random';
import { defaultEngine } from './defaultEngine';
import { useBackend } from './tfjs/backend';
import { startWebgpu } from './tfjs/webgpu/start';

const [BATCHES, BATCH, PIXELS] = [4, 64, 28 * 28];
const ROUNDS = 4;

/**
 * A program for `npm run gpu`: which adapter there is, and the fewest milliseconds for a training step of
 * Part 3.2's network, on what trains it where the backend is its argument: with the embedded default
 * that is the lab's own engine. One line of JSON.
 */
async function measure(): Promise<void> {
  const backend = process.argv[2]!;
  await useBackend(backend);
  const adapter = backend === 'webgpu' ? await startWebgpu() : undefined;
  if (adapter?.isSoftware) {
    // A minute for a step says nothing of a GPU.
    console.log(JSON.stringify({ adapter }));
    process.exit(0);
  }
  const network = VGG({ depth: 11, width: 1 / 8 });
  const random = generator(1);
  const dataset = makeDataset({
    name: 'measured',
    images: Uint8Array.from({ length: BATCHES * BATCH * PIXELS }, () => random.integer(256)),
    labels: Uint8Array.from({ length: BATCHES * BATCH }, () => random.integer(10)),
    imageShape: [1, 28, 28],
    classes: 10,
  });
  const point = { weights: initialize(network, 1) };
  const optimizer = SGD({ learningRate: 0.01, momentum: 0.9 });
  const loader = dataLoader(dataset, { batchSize: BATCH });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await defaultEngine.descend({ network, point, loader, lossFunction: crossEntropy, optimizer });
    times.push((performance.now() - start) / BATCHES);
  }
  // The first round compiles the shaders.
  const stepMs = Math.min(...times.slice(1));
  console.log(JSON.stringify({ ...(adapter && { adapter }), stepMs }));
  process.exit(0);
}

void measure();
