import * as tf from '@tensorflow/tfjs';
import { replaceKernel, runShader, type Shader } from './shader';

/** The places of a window from its top left on, and which of them wins: as in `repairs/pooling`. */
const WINNER = `
  fn winner(batch : i32, top : i32, left : i32, channel : i32) -> vec2<i32> {
    var best = vec2<i32>(-1, -1);
    var most = 0.0;
    let bottom = min(top + uniforms.window.x, uniforms.size2d.x);
    let right = min(left + uniforms.window.y, uniforms.size2d.y);
    for (var row = max(top, 0); row < bottom; row++) {
      for (var column = max(left, 0); column < right; column++) {
        let value = getX(batch, row, column, channel);
        if (best.x < 0 || value > most || isnan(value)) {
          best = vec2<i32>(row, column);
          most = value;
        }
      }
    }
    return best;
  }
`;

const UNIFORMS =
  'window : vec2<i32>, strides : vec2<i32>, pads : vec2<i32>, size2d : vec2<i32>, places : vec2<i32>,';

const largest: Shader = {
  name: 'maxPool',
  reads: ['x'],
  uniforms: UNIFORMS,
  functions: `${WINNER}
  fn largest(at : vec4<i32>) -> f32 {
    let corner = at.yz * uniforms.strides - uniforms.pads;
    let best = winner(at.x, corner.x, corner.y, at.w);
    return getX(at.x, best.x, best.y, at.w);
  }`,
  value: 'largest(getCoordsFromIndex(index))',
};

/** Each number of x gets the derivatives of the windows that it wins. */
const gradient: Shader = {
  name: 'maxPoolGradient',
  reads: ['x', 'dy'],
  uniforms: UNIFORMS,
  functions: `${WINNER}
  fn gradient(at : vec4<i32>) -> f32 {
    var sum = 0.0;
    let place = at.yz + uniforms.pads;
    let first = max(vec2<i32>(0, 0), (place - uniforms.window) / uniforms.strides);
    let last = min(uniforms.places - 1, place / uniforms.strides);
    for (var i = first.x; i <= last.x; i++) {
      for (var j = first.y; j <= last.y; j++) {
        let corner = vec2<i32>(i, j) * uniforms.strides - uniforms.pads;
        let best = winner(at.x, corner.x, corner.y, at.w);
        if (best.x == at.y && best.y == at.z) { sum += getDy(at.x, i, j, at.w); }
      }
    }
    return sum;
  }`,
  value: 'gradient(getCoordsFromIndex(index))',
};

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
    const place = placeOf(x, attrs);
    return runShader(backend, largest, [x], place.outShape, numbersOf(place));
  });
  replaceKernel('MaxPoolGrad', ({ inputs, backend, attrs }) => {
    const [x, dy] = [inputs.input as tf.TensorInfo, inputs.dy as tf.TensorInfo];
    return runShader(backend, gradient, [x, dy], x.shape, numbersOf(placeOf(x, attrs)));
  });
}

type Place = ReturnType<typeof tf.backend_util.computePool2DInfo>;

function placeOf({ shape }: tf.TensorInfo, attributes: unknown): Place {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as PoolingAttributes;
  const images = shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(images, filterSize, strides, 1, pad, dimRoundingMode);
}

function numbersOf(place: Place): number[][] {
  return [
    [place.filterHeight, place.filterWidth],
    [place.strideHeight, place.strideWidth],
    [place.padInfo.top, place.padInfo.left],
    [place.inHeight, place.inWidth],
    [place.outHeight, place.outWidth],
  ];
}
