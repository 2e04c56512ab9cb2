import type * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../shape';
import { type Recorder, run, runOne } from './run';
import { replaceKernel, supplyKernel } from './shader';
import { type Block, lanesOf, sums } from './sums';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly scale: tf.TensorInfo;
  readonly offset: tf.TensorInfo;
  readonly mean: tf.TensorInfo;
  readonly variance: tf.TensorInfo;
}

/** What `lib/nn/layers/batchNorm2d` asks a backend for: 8 shaders a layer, where operations take dozens. */
export function supplyBatchNorm(): void {
  supplyKernel('ChannelMoments', ({ inputs, backend }) =>
    moments(backend as Recorder, inputs.x as tf.TensorInfo),
  );
  supplyKernel('BatchNormGradient', ({ inputs, backend, attrs }) =>
    gradient(backend as Recorder, inputs as unknown as GradientInputs, epsilonOf(attrs)),
  );
  supplyKernel('Blend', ({ inputs, backend }) => {
    const all = ['running', 'batch', 'shares'].map((name) => inputs[name] as tf.TensorInfo);
    const { shape } = all[0]!;
    return runOne(backend as Recorder, blend, all, shape, sizeOf(shape));
  });
  replaceKernel('FusedBatchNorm', (args, theirs) => {
    const { x, scale, offset, mean, variance } = args.inputs as unknown as Inputs;
    const perChannel = [mean, variance, scale, offset];
    const isPlain = perChannel.every((one) => one?.shape.join() === `${x.shape.at(-1)}`);
    if (!isPlain || x.dtype !== 'float32') return theirs(args);
    const kernel = normalized(x.shape.at(-1)!, epsilonOf(args.attrs));
    return runOne(args.backend as Recorder, kernel, [x, ...perChannel], x.shape, sizeOf(x.shape));
  });
}

const epsilonOf = (attrs: unknown) => (attrs as { varianceEpsilon: number }).varianceEpsilon;

const blend = {
  name: 'blend',
  reads: ['running', 'batch', 'shares'],
  body: `
    if (i < arrayLength(&made)) { made[i] = shares[0] * running[i] + shares[1] * batch[i]; }`,
};

const normalized = (channels: number, epsilon: number) => ({
  name: `batchNorm ${channels} ${epsilon}`,
  reads: ['x', 'mean', 'variance', 'scale', 'offset'],
  body: `
    if (i >= arrayLength(&made)) { return; }
    let c = i % ${channels}u;
    made[i] = (x[i] - mean[c]) * scale[c] / sqrt(variance[c] + ${epsilon}) + offset[c];`,
});

const blockOf = (shape: readonly number[]): Block => ({
  outer: 1,
  terms: sizeOf(shape.slice(0, -1)),
  inner: shape.at(-1)!,
});

/**
 * Each channel's mean µ and variance, the mean of (x − µ)²: some threads take their share of the
 * terms each, and a second shader puts the shares together (Chan et al. 1979).
 */
function moments(backend: Recorder, x: tf.TensorInfo): tf.TensorInfo[] {
  const block = blockOf(x.shape);
  const [lanes, channels] = [lanesOf(block), block.inner];
  const shares = {
    name: `moments ${channels} ${lanes}`,
    reads: ['x'],
    makes: ['means', 'squares'],
    body: `
      if (i >= ${lanes * channels}u) { return; }
      let size = arrayLength(&x);
      var sum = 0.0;
      for (var at = i; at < size; at += ${lanes * channels}u) { sum += x[at]; }
      let mean = sum / f32((size - i + ${lanes * channels - 1}u) / ${lanes * channels}u);
      var square = 0.0;
      for (var at = i; at < size; at += ${lanes * channels}u) {
        square += (x[at] - mean) * (x[at] - mean);
      }
      means[i] = mean;
      squares[i] = square;`,
  };
  const all = {
    name: `moments of ${channels} ${lanes}`,
    reads: ['means', 'squares', 'x'],
    makes: ['mean', 'variance'],
    body: `
      if (i >= ${channels}u) { return; }
      let n = arrayLength(&x) / ${channels}u;
      var sum = 0.0;
      for (var lane = 0u; lane < ${lanes}u; lane++) {
        sum += f32((n - lane + ${lanes - 1}u) / ${lanes}u) * means[lane * ${channels}u + i];
      }
      let whole = sum / f32(n);
      var square = 0.0;
      for (var lane = 0u; lane < ${lanes}u; lane++) {
        let off = means[lane * ${channels}u + i] - whole;
        square += squares[lane * ${channels}u + i] + f32((n - lane + ${lanes - 1}u) / ${lanes}u) * off * off;
      }
      mean[i] = whole;
      variance[i] = square / f32(n);`,
  };
  const threads = lanes * channels;
  const made = run(backend, shares, [x], [[threads], [threads]], threads);
  const result = run(backend, all, [...made, x], [[channels], [channels]], channels);
  for (const { dataId } of made) backend.disposeData(dataId);
  return result;
}

interface GradientInputs {
  readonly dy: tf.TensorInfo;
  readonly x: tf.TensorInfo;
  readonly scale: tf.TensorInfo;
  readonly mean: tf.TensorInfo;
  readonly variance: tf.TensorInfo;
}

/** ∂L/∂x, ∂L/∂scale = Σ d·x̂ and ∂L/∂offset = Σ d, d being ∂L/∂y and x̂ = (x − µ)/√(σ² + ε). */
function gradient(
  backend: Recorder,
  { dy, x, scale, mean, variance }: GradientInputs,
  epsilon: number,
): tf.TensorInfo[] {
  const block = blockOf(x.shape);
  const inputs = [dy, x, mean, variance];
  const normal = (at: string, c: string) =>
    `(x[${at}] - mean[${c}]) / sqrt(variance[${c}] + ${epsilon})`;
  const both = {
    name: `batchNorm ${epsilon}`,
    reads: ['dy', 'x', 'mean', 'variance'],
    values: ['dy[at]', `dy[at] * ${normal('at', 'column')}`],
  };
  const [ofOffset, ofScale] = sums(backend, both, inputs, block, [block.inner]);
  const kernel = {
    name: `batchNorm's gradient ${block.inner} ${epsilon}`,
    reads: [...both.reads, 'scale', 'ofOffset', 'ofScale'],
    makes: ['dx'],
    body: `
      if (i >= arrayLength(&dx)) { return; }
      let c = i % ${block.inner}u;
      let n = f32(arrayLength(&dx) / ${block.inner}u);
      let centred = dy[i] - ofOffset[c] / n - ${normal('i', 'c')} * (ofScale[c] / n);
      dx[i] = centred * scale[c] / sqrt(variance[c] + ${epsilon});`,
  };
  const all = [...inputs, scale, ofOffset!, ofScale!];
  const [dx] = run(backend, kernel, all, [x.shape], sizeOf(x.shape));
  return [dx!, ofScale!, ofOffset!];
}
