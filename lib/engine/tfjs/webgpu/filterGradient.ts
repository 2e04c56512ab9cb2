import * as tf from '@tensorflow/tfjs';
import { replaceKernel } from './shader';

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

const THREADS = 128;
/** Terms of a sum that one thread adds, where there are threads enough. */
const TERMS = 64;

/**
 * The gradient of a convolution with respect to its filter, ∂L/∂W[i, j, c, o] = Σ over samples and
 * places of x[y·s + i − p, …, c]·d[y, …, o], each sum by many threads. tfjs' own has one thread for
 * each number of the filter, of which there are few and the sums long: four fifths of a training step.
 */
export function supplyFilterGradient(): void {
  replaceKernel('Conv2DBackpropFilter', ({ inputs, backend, attrs }) => {
    const [x, dy] = [inputs.x as tf.TensorInfo, inputs.dy as tf.TensorInfo];
    const attributes = attrs as unknown as ConvolutionAttributes;
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      attributes.filterShape,
      attributes.strides,
      1,
      attributes.pad,
      attributes.dimRoundingMode,
      false,
      attributes.dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
    );
    const terms = info.batchSize * info.outHeight * info.outWidth;
    let lanes = 1;
    while (lanes < THREADS && lanes * TERMS < terms) lanes *= 2;
    const numbers = [
      [info.strideHeight, info.strideWidth],
      [info.padInfo.top, info.padInfo.left],
      [info.outHeight, info.outWidth],
      [info.batchSize],
    ];
    const data = numbers.map((one) => ({ type: 'int32', data: one }));
    const program = filterGradient(lanes, attributes.filterShape);
    return (
      backend as unknown as {
        runWebGPUProgram(...parts: unknown[]): tf.TensorInfo;
      }
    ).runWebGPUProgram(program, [x, dy], 'float32', data);
  });
}

function filterGradient(lanes: number, outputShape: readonly number[]) {
  const size = outputShape.reduce((a, b) => a * b);
  return {
    variableNames: ['x', 'dy'],
    uniforms: 'strides : vec2<i32>, pads : vec2<i32>, places : vec2<i32>, samples : i32,',
    outputShape,
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: [0, 1, 2, 3] },
    dispatch: [Math.ceil((size * lanes) / THREADS), 1, 1],
    size: true,
    shaderKey: `pathlab_filterGradient_${lanes}`,
    getUserCode: () => `
      var<workgroup> sums : array<f32, ${THREADS}>;
      fn part(at : vec4<i32>, lane : i32) -> f32 {
        let perSample = uniforms.places.x * uniforms.places.y;
        var sum = 0.0;
        for (var term = lane; term < uniforms.samples * perSample; term += ${lanes}) {
          let place = vec2<i32>((term % perSample) / uniforms.places.y, term % uniforms.places.y);
          let met = place * uniforms.strides - uniforms.pads + at.xy;
          if (all(met >= vec2<i32>(0)) && all(met < uniforms.xShape.yz)) {
            let sample = term / perSample;
            sum += getX(sample, met.x, met.y, at.z) * getDy(sample, place.x, place.y, at.w);
          }
        }
        return sum;
      }
      fn main(index : i32) {
        let element = index / ${lanes};
        let lane = index % ${lanes};
        let mine = i32(localIndex);
        var sum = 0.0;
        if (element < uniforms.size) { sum = part(getCoordsFromIndex(element), lane); }
        sums[mine] = sum;
        for (var half = ${lanes} / 2; half > 0; half /= 2) {
          workgroupBarrier();
          if (lane < half) { sums[mine] += sums[mine + half]; }
        }
        if (lane == 0 && element < uniforms.size) { setOutputAtIndex(element, sums[mine]); }
      }`,
  };
}
