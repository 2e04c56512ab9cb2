import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { lossAndGradient, useBackend } from '../../lib/engine';
import {
  apply,
  ClassifierFC,
  countParameters,
  crossEntropy,
  initialize,
  type Nonlinearity,
  stateDictShapes,
} from '../../lib/nn';
import { loadStateDict, parameterCount, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';

const fixtures = join(__dirname, 'fixtures');

function fixture(name: string) {
  const { stateDict } = loadStateDict(join(fixtures, `${name}.safetensors`));
  const part = (prefix: string): StateDict =>
    Object.fromEntries(
      Object.entries(stateDict)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, tensor]) => [key.slice(prefix.length), tensor]),
    );
  return { ...stateDict, weights: part('weights/'), gradient: part('gradient/') } as unknown as {
    x: tf.Tensor4D;
    y: tf.Tensor1D;
    logits: tf.Tensor2D;
    loss: tf.Tensor1D;
    weights: StateDict;
    gradient: StateDict;
  };
}

describe('ClassifierFC', () => {
  before(() => useBackend());

  const nonlinearities: Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];
  for (const nonlinearity of nonlinearities) {
    for (const numHidden of [1, 3]) {
      const name = `${nonlinearity}-${numHidden}`;
      const network = ClassifierFC({
        inputShape: [1, 4, 4],
        outputSize: 10,
        hiddenDim: 5,
        numHidden,
        nonlinearity,
      });

      it(`${name}: logits, loss and gradient are PyTorch's (fixtures.py)`, () => {
        const { x, y, logits, loss, weights, gradient } = fixture(name);
        assertClose(apply(network, weights, x).dataSync(), logits.dataSync(), { absolute: 1e-6 });
        const batch = { x, y, size: 7, indices: new Uint32Array(7) };
        const ours = lossAndGradient(network, weights, batch, crossEntropy);
        assertClose(ours.loss, loss.dataSync()[0]!, { relative: 1e-6 });
        assert.deepEqual(Object.keys(ours.gradient).sort(), Object.keys(gradient).sort());
        for (const key of Object.keys(gradient)) {
          assertClose(ours.gradient[key]!.dataSync(), gradient[key]!.dataSync(), {
            absolute: 1e-6,
          });
        }
      });

      it(`${name}: the gradient agrees with central differences`, () => {
        const { x, y, weights } = fixture(name);
        const batch = { x, y, size: 7, indices: new Uint32Array(7) };
        const { gradient } = lossAndGradient(network, weights, batch, crossEntropy);
        // Step 2e-3 in float32: rounding is about 2e-7/(2·2e-3) = 5e-5, truncation far below it.
        const h = 2e-3;
        for (const key of Object.keys(weights)) {
          const values = weights[key]!.dataSync();
          const exact = gradient[key]!.dataSync();
          for (let i = 0; i < values.length; i += 7) {
            const lossAt = (step: number) =>
              tf.tidy(() => {
                const moved = Float32Array.from(values);
                moved[i]! += step;
                const point = { ...weights, [key]: tf.tensor(moved, weights[key]!.shape) };
                return crossEntropy(apply(network, point, x), y).dataSync()[0]!;
              });
            assertClose(exact[i]!, (lossAt(h) - lossAt(-h)) / (2 * h), { absolute: 2e-4 });
          }
        }
      });
    }
  }

  it("the lab's default network has 50 890 parameters, known without a tensor", () => {
    const before = tf.memory().numTensors;
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
    assert.equal(countParameters(network), 784 * 64 + 64 + 64 * 10 + 10);
    assert.equal(tf.memory().numTensors, before);
    const weights = initialize(network, 1);
    assert.equal(parameterCount(weights), 50_890);
    assert.deepEqual(Object.keys(weights), Object.keys(stateDictShapes(network)));
    assert.deepEqual(Object.keys(weights), [
      'layers.1.weight',
      'layers.1.bias',
      'layers.3.weight',
      'layers.3.bias',
    ]);
  });
});
