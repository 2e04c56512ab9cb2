import type * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../shape';
import { type Recorder, run } from './run';
import { supplyKernel } from './shader';

/** What `lib/optim/sgd` asks a backend for: a weight's whole step with momentum, by one shader. */
export function supplyUpdate(): void {
  supplyKernel('SGDStep', ({ inputs, backend, attrs }) => {
    const all = ['w', 'g', 'b', 'numbers'].map((name) => inputs[name] as tf.TensorInfo);
    const direction = attrs?.nesterov ? 'g + momentum * buffer' : 'buffer';
    const kernel = {
      name: `SGD ${direction}`,
      reads: ['weight', 'gradient', 'remembered', 'numbers'],
      makes: ['moved', 'kept'],
      body: `
        if (i >= arrayLength(&moved)) { return; }
        let momentum = numbers[1];
        let g = gradient[i] + numbers[2] * weight[i];
        let buffer = momentum * remembered[i] + g;
        moved[i] = weight[i] - numbers[0] * (${direction});
        kept[i] = buffer;`,
    };
    const { shape } = all[0]!;
    return run(backend as Recorder, kernel, all, [shape, shape], sizeOf(shape));
  });
}
