import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../shape';
import { type Recorder, runOne } from './run';
import { replaceKernel } from './shader';

type Shape4D = [number, number, number, number];

/** What tfjs says of a convolution to its kernels. */
interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dilations?: number | [number, number];
  readonly inputShape?: Shape4D;
  readonly filterShape?: Shape4D;
}

export type Convolution = tf.backend_util.Conv2DInfo;

/** Its sizes, and whether it is one of those that our shaders are written for. */
export function convolutionOf(
  attributes: unknown,
  inputShape: readonly number[] | undefined,
  filterShape: readonly number[] | undefined,
): { readonly info: Convolution; readonly isPlain: boolean } {
  const attrs = attributes as Attributes;
  const info = tf.backend_util.computeConv2DInfo(
    (inputShape ?? attrs.inputShape) as Shape4D,
    (filterShape ?? attrs.filterShape) as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    attrs.dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
  );
  const { dilationHeight, dilationWidth } = info;
  const isPlain = attrs.dataFormat === 'NHWC' && dilationHeight === 1 && dilationWidth === 1;
  return { info, isPlain };
}

/**
 * Above so many numbers of a filter, or multiplications in all, tfjs' way, which goes by tiles of a
 * matrix, is the faster one: measured on an H100.
 */
const LARGEST_FILTER = 64 * 64 * 9;
const MOST_MULTIPLICATIONS = 4e8;

/** Threads that there should be, if each made but one number. */
const THREADS = 2048;

/** How many numbers in a row, of `channels`, one thread makes of `all`. */
export function numbersPerThread(channels: number, all: number): number {
  return [8, 4, 2].find((n) => channels % n === 0 && all >= THREADS * n) ?? 1;
}

const each = (n: number, line: (k: number) => string) =>
  Array.from({ length: n }, (_, k) => line(k)).join('\n');

/** y[n, i, j, o] = Σ over a, b, c of x[n, i·s + a − p, j·s + b − p, c]·w[a, b, c, o]. */
function forward(backend: Recorder, x: tf.TensorInfo, w: tf.TensorInfo, info: Convolution) {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const size = info.batchSize * outHeight * outWidth * outChannels;
  const per = numbersPerThread(outChannels, size);
  const kernel = {
    name: `convolution ${sizesOf(info)} ${per}`,
    reads: ['x', 'w'],
    body: `
      if (i >= arrayLength(&made) / ${per}u) { return; }
      let o = i % ${outChannels / per}u * ${per}u;
      let place = i / ${outChannels / per}u;
      let left = i32(place % ${outWidth}u) * ${info.strideWidth} - ${info.padInfo.left};
      let top = i32(place / ${outWidth}u % ${outHeight}u) * ${info.strideHeight} - ${info.padInfo.top};
      let image = i32(place / ${outHeight * outWidth}u) * ${inHeight};
      ${each(per, (k) => `var sum${k} = 0.0;`)}
      for (var a = max(0, -top); a < min(${info.filterHeight}, ${inHeight} - top); a++) {
        for (var b = max(0, -left); b < min(${info.filterWidth}, ${inWidth} - left); b++) {
          let met = u32((image + top + a) * ${inWidth} + left + b) * ${inChannels}u;
          var at = u32(a * ${info.filterWidth} + b) * ${inChannels * outChannels}u + o;
          for (var c = 0u; c < ${inChannels}u; c++) {
            let value = x[met + c];
            ${each(per, (k) => `sum${k} += value * w[at + ${k}u];`)}
            at += ${outChannels}u;
          }
        }
      }
      ${each(per, (k) => `made[i * ${per}u + ${k}u] = sum${k};`)}`,
  };
  return runOne(backend, kernel, [x, w], info.outShape, size / per);
}

/** ∂L/∂x[n, i, j, c] = Σ over a, b, o of d[n, (i + p − a)/s, (j + p − b)/s, o]·w[a, b, c, o]. */
function inputGradient(backend: Recorder, dy: tf.TensorInfo, w: tf.TensorInfo, info: Convolution) {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const size = info.batchSize * inHeight * inWidth * inChannels;
  const per = numbersPerThread(inChannels, size);
  const reached = (from: string, stride: number, end: number) =>
    `if (${from} < 0 || ${from} % ${stride} != 0 || ${from} / ${stride} >= ${end}) { continue; }`;
  const kernel = {
    name: `convolution's input ${sizesOf(info)} ${per}`,
    reads: ['dy', 'w'],
    body: `
      if (i >= arrayLength(&made) / ${per}u) { return; }
      let c = i % ${inChannels / per}u * ${per}u;
      let place = i / ${inChannels / per}u;
      let column = i32(place % ${inWidth}u) + ${info.padInfo.left};
      let row = i32(place / ${inWidth}u % ${inHeight}u) + ${info.padInfo.top};
      let image = i32(place / ${inHeight * inWidth}u) * ${outHeight};
      ${each(per, (k) => `var sum${k} = 0.0;`)}
      for (var a = 0; a < ${info.filterHeight}; a++) {
        let down = row - a;
        ${reached('down', info.strideHeight, outHeight)}
        for (var b = 0; b < ${info.filterWidth}; b++) {
          let right = column - b;
          ${reached('right', info.strideWidth, outWidth)}
          let y = image + down / ${info.strideHeight};
          let met = u32(y * ${outWidth} + right / ${info.strideWidth}) * ${outChannels}u;
          let at = (u32(a * ${info.filterWidth} + b) * ${inChannels}u + c) * ${outChannels}u;
          for (var o = 0u; o < ${outChannels}u; o++) {
            let value = dy[met + o];
            ${each(per, (k) => `sum${k} += value * w[at + ${k * outChannels}u + o];`)}
          }
        }
      }
      ${each(per, (k) => `made[i * ${per}u + ${k}u] = sum${k};`)}`,
  };
  return runOne(backend, kernel, [dy, w], info.inShape, size / per);
}

/** All that a shader's text depends on; how many images there are is seen in the tensors. */
export function sizesOf(info: Convolution): string {
  const { strideHeight, strideWidth, padInfo, filterHeight, filterWidth } = info;
  const { top, left } = padInfo;
  return [
    ...info.inShape.slice(1),
    ...info.outShape.slice(1),
    ...[filterHeight, filterWidth, strideHeight, strideWidth, top, left],
  ].join();
}

/**
 * Convolutions of few channels, each number by a thread that walks over its window. tfjs' own go by
 * tiles of a matrix, of which few channels fill little, and wait for each other.
 */
export function supplyConvolutions(): void {
  replaceKernel('Conv2D', (args, theirs) => {
    const [x, filter] = [args.inputs.x as tf.TensorInfo, args.inputs.filter as tf.TensorInfo];
    const { info, isPlain } = convolutionOf(args.attrs, x.shape, filter.shape);
    return isOurs(info, isPlain)
      ? forward(args.backend as Recorder, x, filter, info)
      : theirs(args);
  });
  replaceKernel('Conv2DBackpropInput', (args, theirs) => {
    const [dy, filter] = [args.inputs.dy as tf.TensorInfo, args.inputs.filter as tf.TensorInfo];
    const { info, isPlain } = convolutionOf(args.attrs, undefined, filter.shape);
    return isOurs(info, isPlain)
      ? inputGradient(args.backend as Recorder, dy, filter, info)
      : theirs(args);
  });
}

function isOurs({ filterShape, outShape, outChannels }: Convolution, isPlain: boolean): boolean {
  const filter = sizeOf(filterShape);
  const multiplications = (sizeOf(outShape) / outChannels) * filter;
  const isSmall = filter <= LARGEST_FILTER && multiplications <= MOST_MULTIPLICATIONS;
  return isPlain && isSmall && multiplications > 0;
}
