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

/** Within a list or an object, as in a state dict, a tensor of so many values shows them as well. */
const FEW = 8;

function describeWithin(tensor: Tensor): string {
  const title = titleOf(tensor);
  if (tensor.isDisposed || tensor.size > FEW) return title;
  return `${title} ${inspect(tensor.arraySync(), { breakLength: Infinity })}`;
}

// Printed on its own a tensor is what it is as a cell's last line; within something else one line.
Object.defineProperty(Tensor.prototype, inspect.custom, {
  configurable: true,
  value(this: Tensor, depth: number | null, options: { readonly depth?: number | null }) {
    return depth === (options.depth ?? null) ? describeTensor(this) : describeWithin(this);
  },
});
