import type * as tf from '@tensorflow/tfjs';
import { type Convolution, convolutionOf, numbersPerThread, sizesOf } from './convolution';
import { type Recorder, runOne } from './run';
import { replaceKernel } from './shader';
import { sum } from './sums';

/** Rows of an image that one thread adds up, where there are threads enough, and how many are. */
const ROWS = 8;
const MOST_THREADS = 65536;

/**
 * The gradient of a convolution with respect to its filter, ∂L/∂W[a, b, c, o] = Σ over images and
 * places of x[y·s + a − p, …, c]·d[y, …, o], each sum by many threads. tfjs' own has one thread for
 * each number of the filter, of which there are few and the sums long: four fifths of a training step.
 */
export function supplyFilterGradient(): void {
  replaceKernel('Conv2DBackpropFilter', (args, theirs) => {
    const [x, dy] = [args.inputs.x as tf.TensorInfo, args.inputs.dy as tf.TensorInfo];
    const { info, isPlain } = convolutionOf(args.attrs, x.shape, undefined);
    return isPlain ? filterGradient(args.backend as Recorder, x, dy, info) : theirs(args);
  });
}

function filterGradient(
  backend: Recorder,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  info: Convolution,
): tf.TensorInfo {
  const { filterShape, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const size = filterShape.reduce((a, b) => a * b);
  const rows = info.batchSize * outHeight;
  let lanes = 1;
  while (lanes * ROWS < rows && lanes * size < MOST_THREADS) lanes *= 2;
  const per = numbersPerThread(outChannels, size * lanes);
  const each = (line: (k: number) => string) =>
    Array.from({ length: per }, (_, k) => line(k)).join('\n');
  const kernel = {
    name: `convolution's filter ${sizesOf(info)} ${lanes} ${per}`,
    reads: ['x', 'dy'],
    body: `
      if (i >= ${(size * lanes) / per}u) { return; }
      let rows = i32(arrayLength(&dy) / ${outWidth * outChannels}u);
      let o = i % ${outChannels / per}u * ${per}u;
      let c = i / ${outChannels / per}u % ${inChannels}u;
      let tap = i32(i / ${(outChannels / per) * inChannels}u);
      let b = tap % ${info.filterWidth} - ${info.padInfo.left};
      let a = tap / ${info.filterWidth} % ${info.filterHeight} - ${info.padInfo.top};
      ${each((k) => `var sum${k} = 0.0;`)}
      for (var row = tap / ${info.filterWidth * info.filterHeight}; row < rows; row += ${lanes}) {
        let met = row % ${outHeight} * ${info.strideHeight} + a;
        if (met < 0 || met >= ${inHeight}) { continue; }
        let line = (row / ${outHeight} * ${inHeight} + met) * ${inWidth};
        for (var j = 0; j < ${outWidth}; j++) {
          let column = j * ${info.strideWidth} + b;
          if (column < 0 || column >= ${inWidth}) { continue; }
          let value = x[u32(line + column) * ${inChannels}u + c];
          let at = u32(row * ${outWidth} + j) * ${outChannels}u + o;
          ${each((k) => `sum${k} += value * dy[at + ${k}u];`)}
        }
      }
      ${each((k) => `made[i * ${per}u + ${k}u] = sum${k};`)}`,
  };
  const made = runOne(backend, kernel, [x, dy], [lanes, ...filterShape], (size * lanes) / per);
  const whole = sum(backend, made, { outer: 1, terms: lanes, inner: size }, filterShape);
  backend.disposeData(made.dataId);
  return whole;
}
