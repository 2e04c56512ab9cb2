import * as tf from '@tensorflow/tfjs';
import { crossEntropy, initialize, VGG } from '../../nn';
import { SGD } from '../../optim';
import { generator } from '../../random';
import { disposeStateDict } from '../../weights';
import { useBackend } from './backend';
import { lossAndGradient } from './engine';
import { startWebgpu } from './webgpu/start';

const MOST_MS = 10_000;

/**
 * A program for `npm run gpu`: which adapter there is, and the fewest milliseconds for a training step of
 * Part 3.2's network, on the backend that is its argument. One line of
 * JSON.
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
  const weights = initialize(network, 1);
  const [size, labels] = [64, Array.from({ length: 64 }, (_, i) => i % 10)];
  const batch = {
    x: tf.randomUniform([size, 1, 28, 28], 0, 1, 'float32', 1) as tf.Tensor4D,
    y: tf.tensor1d(labels, 'int32'),
    indices: Uint32Array.from(labels),
    size,
  };
  const optimizer = SGD({ learningRate: 0.01, momentum: 0.9 });
  const times: number[] = [];
  const begun = performance.now();
  // The first step compiles the shaders; software takes long for each.
  for (let i = 0; i < 2 || (i < 9 && performance.now() - begun < MOST_MS); i++) {
    const start = performance.now();
    const of = lossAndGradient(network, weights, batch, crossEntropy, generator(1, i));
    const after = optimizer.step(weights, of.gradient);
    Object.values(after)[0]!.dataSync();
    times.push(performance.now() - start);
    disposeStateDict(of.gradient, of.buffers, after);
  }
  const stepMs = Math.min(...times.slice(1));
  console.log(JSON.stringify({ ...(adapter && { adapter }), stepMs }));
  process.exit(0);
}

void measure();
