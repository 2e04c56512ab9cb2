import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { asPoint } from '../../../../lib/checks/points';
import { useBackend } from '../../../../lib/engine';
import { asNetwork } from '../../../../lib/grading/evidence/criteria/networks';
import { initialize, VGG } from '../../../../lib/nn';
import { toyNetwork } from '../../../toy';

describe('claims', () => {
  before(() => useBackend());

  it('are networks and points of their weight space, or refused', () => {
    const network = asNetwork(JSON.parse(JSON.stringify(toyNetwork)));
    assert.deepEqual(network, toyNetwork);
    assert.throws(() => asNetwork(null), /expected { layers, inputShape }/);
    assert.throws(() => asNetwork({ layers: [], inputShape: [1] }), /0 parameters|layer/);
    const huge = { layers: [{ kind: 'dense', inputs: 1e6, outputs: 1e6 }], inputShape: [1e6] };
    assert.throws(() => asNetwork(huge), /at most 20 million are judged/);
    const of = (inputShape: unknown, ...layers: unknown[]) => asNetwork({ inputShape, layers });
    const dense = { kind: 'dense', inputs: 4, outputs: 2 };
    assert.equal(of([4], dense).outputSize, 2);
    for (const layer of [
      null,
      {},
      { kind: 'dispose' },
      { kind: 'constructor' },
      { ...dense, outputs: -2 },
      { ...dense, inputs: '4' },
      { kind: 'dropout', rate: 1 },
    ]) {
      assert.throws(
        () => of([4], layer, dense),
        /there is no such layer|expected { layers/,
        JSON.stringify(layer),
      );
    }
    for (const shape of [[], [Number.NaN], ['4'], [4.5], { length: 1 }]) {
      assert.throws(() => of(shape, dense), /expected { layers, inputShape }/);
    }
    const long = Array.from({ length: 94 }, () => ({ kind: 'tanh' }));
    const flat = { kind: 'dense', inputs: 50_000, outputs: 10 };
    assert.throws(() => of([50_000], ...long, flat), /takes the work of \d+ multiplications/);
    const image = [{ kind: 'channelsLast' }, { kind: 'zeroPad2d', padding: 5000 }];
    const toLogits = [{ kind: 'maxPool2d', size: 10028 }, { kind: 'flatten' }];
    const one = { kind: 'dense', inputs: 1, outputs: 10 };
    assert.throws(() => of([1, 28, 28], ...image, ...toLogits, one), /numbers of it in a layer/);
    const wide = { kind: 'conv2d', inputs: 1, outputs: 200, kernelSize: 15, padding: 'same' };
    assert.throws(
      () => of([1, 28, 28], image[0], wide, { kind: 'flatten' }, { ...one, inputs: 156800 }),
      /multiplications an image/,
    );
    assert.ok(asNetwork(VGG({ depth: 11, width: 1 / 8, batchNorm: true, dropout: 0.5 })));
    const point = initialize(toyNetwork, 1);
    assert.deepEqual(Object.keys(asPoint(network, { ...point, more: 1 })), Object.keys(point));
    assert.throws(() => asPoint(network, {}), /should have shape .* got nothing/);
    const turned = { ...point, 'layers.1.weight': tf.zeros([16, 12]) };
    assert.throws(() => asPoint(network, turned), /should have shape \[12, 16\], got \[16, 12\]/);
  });
});
