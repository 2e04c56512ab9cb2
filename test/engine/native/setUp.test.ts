import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../../lib/engine';
import { nativeEvaluator } from '../../../lib/engine/native/engine';
import { initialize, type Network } from '../../../lib/nn';
import { disposeStateDict } from '../../../lib/weights';
import { toyNetwork } from '../../toy';
import { imagesFor, smallConvolutional } from './imageNetworks';

/** A backend of another's name; nothing is computed on it here. */
describe('nativeEngine beside a TensorFlow or a GPU that somebody has set up', () => {
  afterEach(async () => {
    tf.removeBackend('tensorflow');
    await useBackend();
  });

  const hasKernels = (network: Network) => {
    const weights = initialize(network, 1);
    const evaluator = nativeEvaluator(network, [weights], imagesFor(network, 8));
    evaluator?.dispose();
    disposeStateDict(weights);
    return evaluator !== undefined;
  };

  it('leaves networks of images to it where it was asked for, and no others', async () => {
    await useBackend('cpu');
    const networks = [toyNetwork, smallConvolutional];
    assert.deepEqual(networks.map(hasKernels), [true, true]);
    tf.registerBackend('tensorflow', () => tf.findBackend('cpu'));
    await tf.setBackend('tensorflow');
    assert.deepEqual(networks.map(hasKernels), [true, false]);
  });
});
