import * as tf from '@tensorflow/tfjs';
import { IS_NAN, type Recorder, runOne } from './run';
import { replaceKernel } from './shader';

type Pooling = tf.backend_util.Conv2DInfo;

interface PoolingAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Max-pooling as PyTorch has it, with NaN and infinities, equal numbers and their derivatives. */
export function repairMaxPooling(): void {
  replaceKernel('MaxPool', ({ inputs, backend, attrs }) => {
    const x = inputs.x as tf.TensorInfo;
    return largest(backend as Recorder, x, poolingOf(x, attrs));
  });
  replaceKernel('MaxPoolGrad', ({ inputs, backend, attrs }) => {
    const [x, dy] = [inputs.input as tf.TensorInfo, inputs.dy as tf.TensorInfo];
    return gradient(backend as Recorder, x, dy, poolingOf(x, attrs));
  });
}

function poolingOf({ shape }: tf.TensorInfo, attributes: unknown): Pooling {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as PoolingAttributes;
  const images = shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(images, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Where in x the window's largest number stands that begins at a place: as in `repairs/pooling`. */
const winner = ({ inHeight, inWidth, inChannels, filterHeight, filterWidth }: Pooling) => `
  ${IS_NAN}
  fn winner(image : i32, top : i32, left : i32, channel : i32) -> i32 {
    var best = -1;
    var most = 0.0;
    for (var row = max(top, 0); row < min(top + ${filterHeight}, ${inHeight}); row++) {
      for (var column = max(left, 0); column < min(left + ${filterWidth}, ${inWidth}); column++) {
        let at = ((image * ${inHeight} + row) * ${inWidth} + column) * ${inChannels} + channel;
        let value = x[at];
        if (best < 0 || value > most || isNan(value)) {
          best = at;
          most = value;
        }
      }
    }
    return best;
  }`;

/** Which number of images [n, height, width, channels] is the thread's. */
const coordinates = (height: number, width: number, channels: number) => `
  if (i >= arrayLength(&made)) { return; }
  let channel = i32(i % ${channels}u);
  let column = i32(i / ${channels}u % ${width}u);
  let row = i32(i / ${channels * width}u % ${height}u);
  let image = i32(i / ${channels * width * height}u);`;

function largest(backend: Recorder, x: tf.TensorInfo, pooling: Pooling): tf.TensorInfo {
  const { outShape, outHeight, outWidth, inChannels, strideHeight, strideWidth, padInfo } = pooling;
  const kernel = {
    name: `maxPool ${sizesOf(pooling)}`,
    reads: ['x'],
    functions: winner(pooling),
    body: `
      ${coordinates(outHeight, outWidth, inChannels)}
      let top = row * ${strideHeight} - ${padInfo.top};
      let left = column * ${strideWidth} - ${padInfo.left};
      made[i] = x[winner(image, top, left, channel)];`,
  };
  return runOne(backend, kernel, [x], outShape, tf.util.sizeFromShape(outShape));
}

/** Each number of x gets the derivatives of the windows that it wins. */
function gradient(backend: Recorder, x: tf.TensorInfo, dy: tf.TensorInfo, pooling: Pooling) {
  const { inHeight, inWidth, inChannels, outHeight, outWidth } = pooling;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = pooling;
  const kernel = {
    name: `maxPool's gradient ${sizesOf(pooling)}`,
    reads: ['x', 'dy'],
    functions: winner(pooling),
    body: `
      ${coordinates(inHeight, inWidth, inChannels)}
      let y = row + ${padInfo.top};
      let z = column + ${padInfo.left};
      var sum = 0.0;
      for (var a = max(0, (y - ${filterHeight} + ${strideHeight}) / ${strideHeight});
           a <= min(${outHeight - 1}, y / ${strideHeight}); a++) {
        for (var b = max(0, (z - ${filterWidth} + ${strideWidth}) / ${strideWidth});
             b <= min(${outWidth - 1}, z / ${strideWidth}); b++) {
          let top = a * ${strideHeight} - ${padInfo.top};
          let left = b * ${strideWidth} - ${padInfo.left};
          if (u32(winner(image, top, left, channel)) == i) {
            let window = (image * ${outHeight} + a) * ${outWidth} + b;
            sum += dy[window * ${inChannels} + channel];
          }
        }
      }
      made[i] = sum;`,
  };
  return runOne(backend, kernel, [x, dy], x.shape, tf.util.sizeFromShape([...x.shape]));
}

function sizesOf(pooling: Pooling): string {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = pooling;
  return [
    ...pooling.inShape.slice(1),
    ...pooling.outShape.slice(1),
    ...[filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left],
  ].join();
}
