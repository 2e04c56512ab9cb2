import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { lossAndGradient, useBackend } from '../../lib/engine';
import { crossEntropy, initialize } from '../../lib/nn';
import { projectRoot } from '../../lib/root';
import { disposeStateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { smallNetwork, trainSmall } from './smallTraining';

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

  it("has convolutions and their gradients as tfjs' cpu, of batches of any size", async () => {
    await agreesWithCpu(() =>
      [
        [3, 1, 'same', 5],
        [7, 1, 'same', 5],
        [3, 2, 'same', 8],
        [3, 2, 'valid', 7],
        [3, 1, 1, 40],
      ].flatMap(([n, stride, pad, size]) => {
        const images = [n, size, (size as number) + 1, 2] as [number, number, number, number];
        const x = tf.randomNormal(images, 0, 1, 'float32', 1) as tf.Tensor4D;
        const filter = tf.randomNormal([3, 2, 2, 8], 0, 1, 'float32', 2) as tf.Tensor4D;
        const convolved = (a: tf.Tensor, f: tf.Tensor) =>
          tf.conv2d(a as tf.Tensor4D, f as tf.Tensor4D, stride as number, pad as 'same');
        const loss = (a: tf.Tensor, f: tf.Tensor) => convolved(a, f).square().sum<tf.Scalar>();
        return [convolved(x, filter), ...tf.grads(loss)([x, filter])];
      }),
    );
  });

  it("has broadcasts, sums and transposes as tfjs' cpu, of batches of any size", async () => {
    await agreesWithCpu(() =>
      [2, 300].flatMap((n) => {
        const drawn = (...shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', 3);
        const x = drawn(n, 3, 1, 4);
        const others = [[4], [1, 4], [1], [3, 1, 1], [5, 1], [1, n, 3, 1, 4], [n, 3, 1, 4]];
        const pairs = others.flatMap((shape) => [x.sub(drawn(...shape)), drawn(...shape).div(x)]);
        const axes = [[0], [3], [0, 1, 2], [1, 2], [0, 3], [2], [0, 1, 2, 3]];
        const sums = axes.flatMap((over) => [x.sum(over), x.mean(over, true)]);
        const orders = [
          [3, 2, 1, 0],
          [0, 3, 1, 2],
          [2, 3, 1, 0],
        ];
        return [...pairs, ...sums, ...orders.map((order) => x.transpose(order))];
      }),
    );
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
    const weights = initialize(smallNetwork, 1);
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
      const { gradient, buffers } = lossAndGradient(smallNetwork, weights, batch, crossEntropy);
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

  it('goes on after a lost GPU from the last epoch that was saved, to the same bits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pathlab-gpu-'));
    const [lost, whole] = ['lost', 'whole'].map((name) => join(folder, `${name}.safetensors`));
    try {
      const program = ['--require', 'tsx/cjs', join(__dirname, 'smallTraining.ts'), lost!];
      const { stdout } = spawnSync(process.execPath, program, {
        cwd: projectRoot,
        encoding: 'utf8',
      });
      assert.match(stdout, /^InputError: the GPU .*what was saved is taken up\n$/);
      let batches = 0;
      const resumed = await trainSmall(lost!, () => void batches++);
      // Two of its four epochs were saved.
      assert.equal(batches, 6);
      const uninterrupted = await trainSmall(whole!);
      for (const [name, tensor] of Object.entries(uninterrupted)) {
        assert.deepEqual(resumed[name]!.dataSync(), tensor.dataSync(), name);
      }
      disposeStateDict(resumed, uninterrupted);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The same tensors on tfjs' cpu and on WebGPU: shapes, and numbers to float32. */
async function agreesWithCpu(tensorsOf: () => tf.Tensor[]): Promise<void> {
  const results: { shape: number[]; numbers: ArrayLike<number> }[][] = [];
  for (const backend of ['cpu', 'webgpu'] as const) {
    await useBackend(backend);
    tf.tidy(() => {
      const tensors = tensorsOf();
      results.push(tensors.map((one) => ({ shape: one.shape, numbers: one.dataSync() })));
    });
  }
  for (const [i, { shape, numbers }] of results[0]!.entries()) {
    assert.deepEqual(results[1]![i]!.shape, shape);
    assertClose(results[1]![i]!.numbers, numbers, { relative: 1e-4, absolute: 1e-3 });
  }
}
