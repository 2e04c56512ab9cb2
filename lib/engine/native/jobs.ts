import type { NativeRule } from '../../optim/rule';

/** What a thread is asked to do; all addresses are in the shared memory. */
export type Job = Epoch | Evaluation;

/** An epoch: loss and gradient of each batch at a point, followed by a step of the optimizer. */
export interface Epoch {
  readonly kind: 'epoch';
  /** Two numbers: set to 1 to stop before the next batch; how many batches are done. */
  readonly control: number;
  readonly plan: number;
  readonly dataset: number;
  readonly order: number;
  readonly samples: number;
  readonly batchSize: number;
  readonly batches: number;
  /** Floats of the weights, and the address of those that move. */
  readonly size: number;
  readonly weights: number;
  /** Where the loss is taken: a combination of fixed points and, last, the weights. */
  readonly family?: {
    readonly addresses: number;
    readonly count: number;
    readonly coefficients: number;
    readonly point: number;
  };
  readonly gradient: number;
  readonly scratch: number;
  readonly totals: number;
  readonly update: UpdateRule;
}

/** Figures at many points on as many chunks of the samples as the thread gets hold of. */
export interface Evaluation {
  readonly kind: 'evaluate';
  /** Three numbers: 1 to stop; the next chunk nobody has begun; how many are done. */
  readonly control: number;
  readonly plan: number;
  readonly dataset: number;
  readonly samples: number;
  readonly chunk: number;
  readonly anchors: number;
  readonly count: number;
  readonly coefficients: number;
  readonly points: number;
  readonly group: number;
  readonly scratch: readonly number[];
  readonly totals: number;
  /** Where the class that wins goes, a byte a point and sample; 0 for figures instead. */
  readonly winners: number;
}

/** An optimizer's rule as numbers, its learning rate, and what it remembers. */
export type UpdateRule = NativeRule & {
  readonly rate: number;
  /** Where its slots are. */
  readonly slots: readonly number[];
  /** Steps made before. */
  readonly steps: number;
};
