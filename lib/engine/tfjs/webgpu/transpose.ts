import type * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../shape';
import { type Recorder, runOne } from './run';
import { replaceKernel } from './shader';

/** Transposes with the strides written into the shader: a filter's before and after a convolution. */
export function supplyTranspose(): void {
  replaceKernel('Transpose', (args, theirs) => {
    const x = args.inputs.x as tf.TensorInfo;
    const { perm } = args.attrs as unknown as { readonly perm: readonly number[] };
    const backend = args.backend as Recorder;
    const size = sizeOf(x.shape);
    if (x.dtype !== 'float32' || size === 0 || backend.shouldExecuteOnCPU([x])) return theirs(args);
    const shape = perm.map((axis) => x.shape[axis]!);
    const [into, from] = [stridesOf(shape), stridesOf(x.shape)];
    const terms = perm.map((axis, k) => {
      const coordinate = `i / ${into[k]}u${k > 0 ? ` % ${shape[k]}u` : ''}`;
      return `${coordinate} * ${from[axis]}u`;
    });
    const place = terms.join(' + ') || '0u';
    const kernel = {
      name: `transpose ${place}`,
      reads: ['x'],
      body: `if (i < arrayLength(&made)) { made[i] = x[${place}]; }`,
    };
    return runOne(backend, kernel, [x], shape, size);
  });
}

const stridesOf = (shape: readonly number[]) => shape.map((_, k) => sizeOf(shape.slice(k + 1)));
