import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../shape';
import { IS_NAN, type Recorder, runOne } from './run';
import { replaceKernel } from './shader';

/** tfjs' kernels of two tensors that stand here, and what they are in WGSL. */
const OPERATIONS = { Add: 'a + b', Sub: 'a - b', Multiply: 'a * b', RealDiv: 'a / b' };

/**
 * Sums, differences, products and quotients where one tensor has the other's shape, or its last axes,
 * or is one number: by one short shader each, for all shapes.
 */
export function supplyElementwise(): void {
  for (const [kernelName, operation] of Object.entries(OPERATIONS)) {
    replaceKernel(kernelName, (args, theirs) => {
      const [a, b] = [args.inputs.a as tf.TensorInfo, args.inputs.b as tf.TensorInfo];
      const backend = args.backend as Recorder;
      const shape = tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
      const size = sizeOf(shape);
      const reads = [a, b].map(({ shape: of }) => place(of, shape));
      const isPlain = a.dtype === 'float32' && b.dtype === 'float32' && size > 0;
      if (!isPlain || reads.includes(undefined) || backend.shouldExecuteOnCPU([a, b]))
        return theirs(args);
      const kernel = {
        name: `${kernelName} ${reads.join(' ')}`,
        reads: ['left', 'right'],
        body: `
          if (i >= arrayLength(&made)) { return; }
          let a = left[${reads[0]!.replace('SIZE', 'arrayLength(&left)')}];
          let b = right[${reads[1]!.replace('SIZE', 'arrayLength(&right)')}];
          made[i] = ${operation};`,
      };
      return runOne(backend, kernel, [a, b], shape, size);
    });
  }
}

/** ReLU and the step that is its derivative, NaN where x is. */
export function supplyRelu(): void {
  for (const [kernelName, value] of [
    ['Relu', 'max(a, 0.0)'],
    ['Step', 'select(0.0, 1.0, a > 0.0)'],
  ] as const) {
    replaceKernel(kernelName, (args, theirs) => {
      const x = args.inputs.x as tf.TensorInfo;
      const alpha = args.attrs?.alpha ?? 0;
      if (x.dtype !== 'float32' || alpha !== 0 || sizeOf(x.shape) === 0) return theirs(args);
      const kernel = {
        name: kernelName,
        reads: ['x'],
        functions: IS_NAN,
        body: `
          if (i >= arrayLength(&made)) { return; }
          let a = x[i];
          made[i] = select(${value}, a, isNan(a));`,
      };
      return runOne(args.backend as Recorder, kernel, [x], x.shape, sizeOf(x.shape));
    });
  }
}

/** Where a thread finds its number in a tensor that is stretched to a shape; undefined for no such. */
function place(of: readonly number[], to: readonly number[]): string | undefined {
  if (sizeOf(of) === sizeOf(to)) return 'i';
  if (sizeOf(of) === 1) return '0';
  const axes = of.slice(of.findIndex((n) => n !== 1));
  return axes.join() === to.slice(-axes.length).join() ? 'i % SIZE' : undefined;
}
