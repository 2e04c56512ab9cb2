import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../../lib/data';
import { useBackend } from '../../../lib/engine';
import { defineLayer, initialize, sequential } from '../../../lib/nn';
import { SGD } from '../../../lib/optim';
import { train } from '../../../lib/training';
import { toyDataset } from '../../toy';

describe('a weight that the loss does not use', () => {
  before(() => useBackend());

  // ∂L/∂w = 0 where L has no w: torch.autograd.grad(…, allow_unused=True, materialize_grads=True).
  it('has gradient 0, as where a layer is dropped for a batch', async () => {
    let used = false;
    const bias = defineLayer('bias', {
      outputShape: (_, shape) => shape,
      tensors: () => ({ bias: [16] }),
      initial: () => ({ bias: tf.ones([16]) }),
      apply: (_, { bias }, x) => (used ? x.add(bias!) : x),
    });
    const network = sequential(
      [1, 4, 4],
      [{ kind: 'flatten' }, bias(), { kind: 'dense', inputs: 16, outputs: 10 }],
    );
    const model = { network, weights: initialize(network, 1) };
    const loader = dataLoader(toyDataset(60, 3), { batchSize: 60 });
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    const ones: number[] = Array(16).fill(1);
    const numbers = () => Array.from(model.weights['layers.1.bias']!.dataSync());
    const before = tf.memory().numTensors;
    await train(model, { loader, optimizer, epochs: 1 });
    assert.deepEqual(numbers(), ones);
    used = true;
    await train(model, { loader, optimizer, epochs: 1 });
    assert.notDeepEqual(numbers(), ones);
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
