import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../../lib/engine';
import { installedTensorflow } from '../../../lib/engine/tfjs/tensorflow';
import { projectRoot } from '../../../lib/root';
import { assertClose } from '../../close';

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
      /LAB_BACKEND must be one of tensorflow, webgpu, wasm, cpu, got cuda/,
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
    const { stdout, stderr, status } = runScript("require('@tensorflow/tfjs').zeros([1]);");
    assert.deepEqual([stdout, stderr, status], ['', '', 0]);
  });

  it("lets a script's own error be told as Node tells it", () => {
    // Node's own exit status of an uncaught error is 1, and it prints the line and the stack.
    for (const thrown of [
      "Promise.reject(new Error('mine'))",
      "(() => { throw new Error('mine') })()",
    ]) {
      const { stderr, status } = runScript(
        `lib.useBackend('wasm').then(() => setTimeout(() => ${thrown}));`,
      );
      assert.equal(status, 1);
      assert.match(stderr, /Error: mine\n {4}at /);
      assert.ok(stderr.length < 2000, `${stderr.length} characters`);
    }
  });

  it('loads nothing of WebGPU where no GPU is set up', () => {
    const loaded = 'Object.keys(require.cache).filter((path) => /webgpu.(start|run)/.test(path))';
    const { stdout } = runScript(
      `lib.useBackend('wasm').then(() => console.log(${loaded}.length));`,
    );
    assert.equal(stdout, '0\n');
  });

  it('says once that convolutions run on plain JavaScript, where no backend was chosen', () => {
    const twice =
      'const net = lib.VGG({ depth: 11, width: 1 / 32, dropout: 0, batchNorm: true });' +
      "const x = require('@tensorflow/tfjs').zeros([1, 1, 28, 28]);" +
      'const weights = lib.initialize(net, 1);' +
      'lib.apply(net, weights, x); lib.apply(net, weights, x);';
    const sentence = /^convolutions run on plain JavaScript here.*await useBackend\(\)\n$/;
    assert.match(runScript(twice).stdout, sentence);
    assert.equal(runScript(`lib.useBackend('cpu').then(() => { ${twice} });`).stdout, '');
  });

  it('computes trainings and evaluations as by useBackend(), where nobody chose', () => {
    // Figures are those of plain JavaScript, which tfjs' own kernels are compared with.
    const study = (begin: string) => `(async () => { ${begin}
      const engine = lib.tfjsEngine;
      const network = lib.sequential([1, 2, 2], [
        { kind: 'channelsLast' },
        { kind: 'conv2d', inputs: 1, outputs: 2, kernelSize: 1, padding: 'same' },
        { kind: 'flatten' },
        { kind: 'dense', inputs: 8, outputs: 2 },
      ]);
      const images = Uint8Array.from({ length: 16 }, (_, i) => 16 * i);
      const labels = Uint8Array.from([0, 1, 0, 1]);
      const train = lib.makeDataset({ name: 'four', images, labels, imageShape: [1, 2, 2], classes: 2 });
      const model = { network, weights: lib.initialize(network, 1) };
      const loader = () => lib.dataLoader(train, { batchSize: 2 });
      const used = [lib.tf.getBackend()];
      await Promise.all([model, { ...model, weights: lib.clone(model.weights) }].map((one) =>
        lib.train(one, { loader: loader(), engine, optimizer: lib.SGD({ learningRate: 0.1 }), epochs: 1 })));
      const line = lib.line(model.weights, lib.initialize(network, 2));
      const { trainLoss } = await lib.evaluatePath(network, line, [0, 1], { train }, { engine });
      used.push(lib.tf.getBackend());
      console.log(JSON.stringify({ used, trainLoss, best: (await lib.useBackend()).name }));
    })()`;
    const [alone, plain] = ['', "await lib.useBackend('cpu');"].map(
      (begin) => JSON.parse(runScript(study(begin)).stdout) as Record<string, unknown>,
    );
    assert.deepEqual(alone!.used, ['cpu', alone!.best]);
    assert.deepEqual(plain!.used, ['cpu', 'cpu']);
    assertClose(alone!.trainLoss as number[], plain!.trainLoss as number[], { absolute: 1e-6 });
  });
});

function runScript(code: string) {
  const script = `require('tsx/cjs'); const lib = require('./lib/index.ts'); ${code}`;
  return spawnSync(process.execPath, ['-e', script], { cwd: projectRoot, encoding: 'utf8' });
}
