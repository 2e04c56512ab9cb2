import * as tf from '@tensorflow/tfjs';
import { isBuffer, type StateDict } from '../../../weights';
import { floats } from '../memory';
import type { ImagePlan } from './plan';

/** Writes a state dict's values at `address`, statistics behind weights; 0 for a tensor it lacks. */
export function packImages({ whole, tensors }: ImagePlan, from: StateDict, address: number): void {
  const to = floats(address, whole).fill(0);
  for (const { name, positions } of tensors) {
    const values = from[name]?.dataSync();
    if (values === undefined) continue;
    for (let i = 0; i < positions.length; i++) to[positions[i]!] = values[i]!;
  }
}

/** The weights at `address` as a state dict, buffers left out. The caller disposes it. */
export function unpackWeights(plan: ImagePlan, address: number): StateDict {
  return unpacked(plan, address, (name) => !isBuffer(name));
}

/** The weights at `address`, the statistics, and the counters of `before` `steps` batches on. */
export function unpackPoint(
  plan: ImagePlan,
  address: number,
  before: StateDict,
  steps: number,
): StateDict {
  const after = unpacked(plan, address, () => true);
  return inOrder(before, (name) => after[name] ?? counted(before[name]!, steps));
}

/** The weights at `address`, and copies of the buffers of `before`. */
export function unpackBeside(plan: ImagePlan, address: number, before: StateDict): StateDict {
  const after = unpackWeights(plan, address);
  return inOrder(before, (name) => after[name] ?? before[name]!.clone());
}

const inOrder = (before: StateDict, tensorOf: (name: string) => tf.Tensor): StateDict =>
  Object.fromEntries(Object.keys(before).map((name) => [name, tensorOf(name)]));

const counted = (counter: tf.Tensor, steps: number) =>
  tf.tensor(
    Array.from(counter.dataSync(), (n) => n + steps),
    counter.shape,
    counter.dtype,
  );

function unpacked(
  { whole, tensors, shapes }: ImagePlan,
  address: number,
  isWanted: (name: string) => boolean,
): StateDict {
  const from = floats(address, whole);
  const wanted = tensors.filter(({ name }) => isWanted(name));
  return Object.fromEntries(
    wanted.map(({ name, positions }) => {
      const values = Float32Array.from(positions, (position) => from[position]!);
      return [name, tf.tensor(values, [...shapes[name]!])];
    }),
  );
}
