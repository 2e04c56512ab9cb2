import * as tf from '@tensorflow/tfjs';
import { dataLoader, makeDataset } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize, type Layer, sequential } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { generator } from '../../lib/random';
import { train } from '../../lib/training';
import type { StateDict } from '../../lib/weights';

const [IMAGES, PIXELS] = [12, 16];

/** As few layers as have a shader of each kind: a software adapter takes long for each. */
const layers: Layer[] = [
  { kind: 'channelsLast' },
  { kind: 'conv2d', inputs: 1, outputs: 4, kernelSize: 3, padding: 'same' },
  { kind: 'batchNorm2d', features: 4 },
  { kind: 'relu' },
  { kind: 'maxPool2d', size: 2 },
  { kind: 'flatten' },
  { kind: 'dense', inputs: 16, outputs: 10 },
];
export const smallNetwork = sequential([1, 4, 4], layers);

/** Four epochs of three batches, kept in `checkpoint`; the weights at their end. */
export async function trainSmall(
  checkpoint: string,
  onBatch?: (done: number) => void,
): Promise<StateDict> {
  const random = generator(1);
  const dataset = makeDataset({
    name: 'drawn',
    images: Uint8Array.from({ length: IMAGES * PIXELS }, () => random.integer(256)),
    labels: Uint8Array.from({ length: IMAGES }, () => random.integer(10)),
    imageShape: [1, 4, 4],
    classes: 10,
  });
  const model = { network: smallNetwork, weights: initialize(smallNetwork, 1) };
  const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
  const loader = dataLoader(dataset, { batchSize: 4, shuffle: 1 });
  await train(model, { loader, optimizer, epochs: 4, checkpoint, ...(onBatch && { onBatch }) });
  optimizer.dispose();
  return model.weights;
}

/** A program that loses the GPU in the middle of the third epoch, and says what it was told. */
async function loseTheGpu(checkpoint: string): Promise<void> {
  await useBackend('webgpu');
  let batches = 0;
  const { device } = tf.backend() as unknown as { device: { destroy(): void } };
  try {
    await trainSmall(checkpoint, () => {
      if (++batches === 7) device.destroy();
    });
  } catch (error) {
    console.log(String(error));
  }
  process.exit(0);
}

if (require.main === module) void loseTheGpu(process.argv[2]!);
