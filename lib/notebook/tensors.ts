import { inspect } from 'node:util';
import { Tensor } from '@tensorflow/tfjs';

/** Whether a value is a tfjs tensor. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

/** A tensor as text: its type and shape, and below them its values, in short if they are many. */
export function describeTensor(tensor: Tensor): string {
  const title = titleOf(tensor);
  return tensor.isDisposed ? title : `${title}\n${tensor.toString().replace(/^Tensor\n/, '')}`;
}

function titleOf({ dtype, shape, isDisposed }: Tensor): string {
  return `tensor ${dtype} [${shape.join(', ')}]${isDisposed ? ', disposed' : ''}`;
}

// Printed within an object, as in a state dict, a tensor is its title instead of tfjs' own fields.
Object.defineProperty(Tensor.prototype, inspect.custom, {
  configurable: true,
  value(this: Tensor) {
    return titleOf(this);
  },
});
