import { type Batch, dataLoader } from '../../lib/data';
import { initialize } from '../../lib/nn';
import { bendGradient } from '../../lib/paths';
import type { StateDict } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';

export const [w1, w2, theta] = [1, 2, 3].map((seed) => initialize(toyNetwork, seed)) as [
  StateDict,
  StateDict,
  StateDict,
];
/** The chain, apart from θ. */
export const ends = { network: toyNetwork, w1, w2 };
/** The right loss and gradient. */
export const answer = (t: number, at: StateDict, batch: Batch) =>
  bendGradient(toyNetwork, t, { w1, w2, theta: at }, batch);
export const [batch] = Array.from(dataLoader(toyDataset(200, 1), { batchSize: 200 }), (b) => ({
  ...b,
  x: b.x.clone(),
  y: b.y.clone(),
})) as [Batch];

/** A part of a batch. */
export const some = (b: Batch, from: number, size: number): Batch => ({
  ...b,
  x: b.x.slice([from], [size]),
  y: b.y.slice([from], [size]),
  size,
});
