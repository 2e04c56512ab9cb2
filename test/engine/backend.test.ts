import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { installedTensorflow } from '../../lib/engine/tensorflow';
import { projectRoot } from '../../lib/root';
import { assertClose } from '../close';

describe('useBackend', () => {
  after(() => useBackend('wasm'));

  it('takes native TensorFlow if it is set up, else wasm, and says why', async () => {
    const installed = installedTensorflow();
    const expected = installed
      ? { name: 'tensorflow', reason: installed }
      : { name: 'wasm', reason: 'embedded default' };
    assert.deepEqual(await useBackend(''), expected);
    assert.equal(tf.getBackend(), expected.name);
    assert.match((await useBackend('cpu')).reason, /LAB_BACKEND or the caller/);
    assert.equal(tf.getBackend(), 'cpu');
  });

  it('lists the backends there are', async () => {
    await assert.rejects(
      useBackend('cuda'),
      /LAB_BACKEND must be one of tensorflow, wasm, cpu, got cuda/,
    );
  });

  it('multiplies transposed matrices as the cpu backend does, in two and three dimensions', async () => {
    const products = () =>
      tf.tidy(() => {
        const a = tf.randomUniform([3, 4, 5], -1, 1, 'float32', 1);
        const b = tf.randomUniform([3, 4, 5], -1, 1, 'float32', 2);
        const [a2, b2] = [a.slice(0, 1).reshape([4, 5]), b.slice(0, 1).reshape([4, 5])];
        return [
          tf.matMul(a2, b2, true, false),
          tf.matMul(a2, b2, false, true),
          tf.matMul(a2, b2.transpose(), true, true),
          tf.matMul(a, b, true, false),
          tf.matMul(a, b, false, true),
        ].map((product) => [...product.shape, ...product.dataSync()]);
      });
    await useBackend('cpu');
    const expected = products();
    await useBackend('wasm');
    const before = tf.memory();
    products().forEach((product, i) => {
      assertClose(product, expected[i]!, { absolute: 1e-6 });
    });
    assert.equal(tf.memory().numTensors, before.numTensors);
    assert.equal(tf.memory().numDataBuffers, before.numDataBuffers, 'no transposed copy stays');
  });

  it('keeps the banner of tfjs out of cells', () => {
    const script =
      "require('tsx/cjs'); require('./lib/index.ts'); require('@tensorflow/tfjs').zeros([1]);";
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.deepEqual([stdout, stderr, status], ['', '', 0]);
  });
});
