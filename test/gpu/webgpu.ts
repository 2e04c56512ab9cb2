import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs';
import { lossAndGradient, useBackend } from '../../lib/engine';
import { crossEntropy, initialize, type Layer, sequential } from '../../lib/nn';
import { projectRoot } from '../../lib/root';
import { disposeStateDict } from '../../lib/weights';
import { assertClose } from '../close';

/** Run by `npm run test:gpu`, after `npm run gpu`; a software adapter will do. */
describe('tfjs on WebGPU', () => {
  before(() => useBackend('webgpu'));

  const points = [0, 1e-20, 1e-9, 3e-8, 1e-4, 0.3, 0.5, 0.9, 1, 3, 20, 88, Number.NaN];
  const all = points.flatMap((x) => [x, -x]);
  for (const [name, ours, exact] of [
    ['exp', tf.exp, Math.exp],
    ['expm1', tf.expm1, Math.expm1],
    ['log', tf.log, Math.log],
    ['log1p', tf.log1p, Math.log1p],
    ['atanh', tf.atanh, Math.atanh],
    ['tanh', tf.tanh, Math.tanh],
    ['sigmoid', tf.sigmoid, (x: number) => 1 / (1 + Math.exp(-x))],
    ['relu', tf.relu, (x: number) => (x < 0 ? 0 : x)],
    ['elu', tf.elu, (x: number) => (x < 0 ? Math.expm1(x) : x)],
    ['softplus', tf.softplus, (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  ] as const) {
    it(`${name} is JavaScript's in double precision to 5·10⁻⁶, near 0 and for NaN too`, () => {
      // Vulkan allows exp 3 + 2|x| units of the last place: 88 of them are 5·10⁻⁶.
      const got = tf.tidy(() => ours(tf.tensor1d(all)).dataSync());
      for (const [i, x] of all.entries()) {
        const right = Math.fround(exact(Math.fround(x)));
        if (!Number.isFinite(right)) assert.equal(got[i], right, `${name}(${x})`);
        else assertClose(got[i]!, right, { relative: 5e-6, absolute: 1e-37 });
      }
    });
  }

  it("has the gradient of a convolution with respect to its filter as tfjs' cpu", async () => {
    const derivatives: ArrayLike<number>[] = [];
    for (const backend of ['cpu', 'webgpu'] as const) {
      await useBackend(backend);
      for (const [stride, pad, size] of [
        [1, 'same', 5],
        [2, 'same', 8],
        [2, 'valid', 7],
        [1, 1, 40],
      ] as const) {
        tf.tidy(() => {
          const x = tf.randomNormal([3, size, size + 1, 2], 0, 1, 'float32', 1) as tf.Tensor4D;
          const filter = tf.randomNormal([3, 2, 2, 3], 0, 1, 'float32', 2);
          const loss = (f: tf.Tensor) =>
            tf
              .conv2d(x, f as tf.Tensor4D, stride, pad)
              .square()
              .sum<tf.Scalar>();
          derivatives.push(tf.grad(loss)(filter).dataSync());
        });
      }
    }
    const half = derivatives.length / 2;
    for (let i = 0; i < half; i++) {
      assertClose(derivatives[half + i]!, derivatives[i]!, { relative: 1e-4, absolute: 1e-3 });
    }
  });

  it('reads at once and later the same, whatever waits meanwhile', async () => {
    const x = tf.range(0, 3000);
    const later = [x.square(), x.add(1), x.equal(7)].map((y) => y.data());
    assert.equal(x.mul(2).dataSync()[2999], 5998);
    const [square, next, seven] = await Promise.all(later);
    assert.deepEqual([square![2999], next![2999], seven![7], seven![8]], [2999 ** 2, 3000, 1, 0]);
    assert.equal(tf.scalar(3, 'int32').square().arraySync(), 9);
    x.dispose();
  });

  it("takes no more of the GPU's memory after 200 steps than after 20", async () => {
    // As few layers as have a shader of each kind: a software adapter takes long for each.
    const layers: Layer[] = [
      { kind: 'channelsLast' },
      { kind: 'conv2d', inputs: 1, outputs: 4, kernelSize: 3, padding: 'same' },
      { kind: 'batchNorm2d', features: 4 },
      { kind: 'relu' },
      { kind: 'maxPool2d', size: 2 },
      { kind: 'flatten' },
      { kind: 'dense', inputs: 16, outputs: 10 },
    ];
    const network = sequential([1, 4, 4], layers);
    const weights = initialize(network, 1);
    const batch = {
      x: tf.ones([2, 1, 4, 4]) as tf.Tensor4D,
      y: tf.tensor1d([1, 2], 'int32'),
      indices: Uint32Array.of(0, 1),
      size: 2,
    };
    const memory: number[] = [];
    const bytes = () =>
      (tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
    for (let step = 1; step <= 200; step++) {
      const { gradient, buffers } = lossAndGradient(network, weights, batch, crossEntropy);
      disposeStateDict(gradient, buffers);
      if (step === 20 || step === 200) memory.push(bytes(), tf.memory().numTensors);
      if (step % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(memory.slice(2), memory.slice(0, 2));
  });

  it('is measured beside what trains without it', () => {
    const program = ['--require', 'tsx/cjs', 'lib/engine/measureStep.ts', 'wasm'];
    const { stdout } = spawnSync(process.execPath, program, { cwd: projectRoot, encoding: 'utf8' });
    assert.ok(JSON.parse(stdout).stepMs > 0, stdout);
  });

  it('says of a lost GPU so in one sentence, and what to do', () => {
    const script =
      "const { useBackend } = require('./lib/engine');" +
      "const tf = require('@tensorflow/tfjs');" +
      "useBackend('webgpu').then(async () => {" +
      'const x = tf.ones([2000]).square(); tf.backend().device.destroy();' +
      'if (process.argv[1]) await new Promise((resolve) => setTimeout(resolve, 50));' +
      'try { x.add(1).dataSync(); } catch (error) { console.log(String(error)); } process.exit(0); });';
    for (const later of [[], ['later']]) {
      const program = ['--require', 'tsx/cjs', '-e', script, ...later];
      const { stdout } = spawnSync(process.execPath, program, {
        cwd: projectRoot,
        encoding: 'utf8',
      });
      assert.match(
        stdout,
        /^InputError: the GPU .*restart the kernel .* what was saved is taken up\n$/,
      );
    }
  });
});
