import * as tf from '@tensorflow/tfjs';
import { type Generator, normal } from '../random';
import { sizeOf } from '../shape';
import type { StateDict } from '../weights';
import type { Shape } from './kind';

type Shapes = Readonly<Record<string, Shape>>;

/**
 * Tensors as PyTorch draws those of `nn.Linear` and `nn.Conv2d` by default: weight and bias from
 * U(−1/√fan_in, 1/√fan_in) (`kaiming_uniform_` with a = √5), fan_in being the numbers that one
 * output is made of. The caller disposes them.
 */
export function uniform(shapes: Shapes, fanIn: number, random: Generator): StateDict {
  const bound = 1 / Math.sqrt(fanIn);
  return drawn(shapes, () => (2 * random.uniform() - 1) * bound);
}

/**
 * Weights from N(0, 2/fan_out) and bias 0 (`kaiming_normal_` with mode fan_out), as torchvision's
 * VGG has; fan_out being the numbers that one input has a part in. The caller disposes them.
 */
export function kaimingNormal(shapes: Shapes, fanOut: number, random: Generator): StateDict {
  const deviation = Math.sqrt(2 / fanOut);
  return drawn(shapes, (name) => (name === 'bias' ? 0 : normal(random) * deviation));
}

function drawn(shapes: Shapes, draw: (name: string) => number): StateDict {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const values = Float32Array.from({ length: sizeOf(shape) }, () => draw(name));
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}
