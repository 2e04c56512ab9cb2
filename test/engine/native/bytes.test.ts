import { strict as assert } from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { nativeEngine, useBackend } from '../../../lib/engine';
import { sequential } from '../../../lib/nn';

describe('a byte as a pixel', () => {
  before(() => useBackend());

  it('is byte / 255 to the bit, one of four at a time or alone', async () => {
    const network = sequential(
      [1, 1, 4],
      [
        { kind: 'reshape', shape: [4] },
        { kind: 'dense', inputs: 4, outputs: 2 },
      ],
    );
    const weights = {
      'layers.1.weight': tf.tensor2d([16, 0, 0, 0, 0, 0, 0, 0], [2, 4]),
      'layers.1.bias': tf.zeros([2]),
    };
    const lossOf = async (image: readonly number[]) => {
      const [images, labels] = [Uint8Array.from(image), Uint8Array.of(1)];
      const rest = { name: 'one', imageShape: [1, 1, 4] as const, length: 1, classes: 2 };
      const one = nativeEngine.evaluator(network, [weights], { ...rest, images, labels });
      const [figures] = await one.evaluate([[1]]);
      one.dispose();
      return figures!.loss;
    };
    for (let byte = 1; byte < 256; byte++) {
      const z = Math.fround(16 * Math.fround(byte / 255));
      const alone = await lossOf([byte, 0, 0, 0]);
      assert.equal(await lossOf([byte, byte, byte, byte]), alone, `byte ${byte}`);
      assert(Math.abs(alone - z - Math.log1p(Math.exp(-z))) < 1e-7, `byte ${byte}: ${alone}, ${z}`);
    }
    tf.dispose(weights);
  });
});
