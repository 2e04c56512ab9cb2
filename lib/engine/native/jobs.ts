import type { NativeRule } from '../../optim/rule';

/** What a thread is asked to do; all addresses are in the shared memory. */
export type Job = Epoch | Evaluation | CurvatureJob | ImageJob;

/** A pass: loss and gradient of each batch at a point, followed by a step of the optimizer. */
export interface Pass {
  /** Two numbers: set to 1 to stop before the next batch; how many batches are done. */
  readonly control: number;
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
  readonly totals: number;
  readonly update: UpdateRule;
}

/** The part of one of `threads` threads in the pass of a fully connected network. */
export interface Epoch extends Pass {
  readonly kind: 'epoch';
  readonly thread: number;
  readonly threads: number;
  /** Where they wait for each other, and how many batches there are to do: four numbers. */
  readonly meeting: number;
  readonly plan: number;
  /** Rows of the largest batch, a multiple of four, for which the scratch is. */
  readonly rows: number;
  /** Whether a step goes by panels. */
  readonly wide: boolean;
  readonly scratch: number;
  /** The weights that are the thread's to move. */
  readonly own: readonly Stretches[];
}

/** `lines` stretches of `bytes` bytes of the weights, `next` bytes from one to the next. */
export interface Stretches {
  readonly from: number;
  readonly lines: number;
  readonly bytes: number;
  readonly next: number;
}

/** What all threads do together with a network of images. */
export type ImageJob = ImageEpoch | ImageStatistics | ImageEvaluation;

/** How all threads work at the same batch. */
export interface Together {
  readonly threads: number;
  /** Where they wait for each other, and whether they go on to the next batch: four numbers. */
  readonly meeting: number;
  readonly network: number;
  readonly room: number;
}

/** A pass of which each batch is all threads'. */
export interface ImageEpoch extends Pass, Together {
  readonly kind: 'imageEpoch';
  /** What dropout's masks are drawn by, and where they go. */
  readonly seed: readonly [seed: number, ...stream: number[]];
  readonly masks: readonly Mask[];
}

/** Dropout's mask for a batch, laid out as the images that it is for. */
export interface Mask {
  readonly at: number;
  readonly rate: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly padded: number;
  readonly border: number;
}

/** The running statistics as the mean of those of batches. */
export interface ImageStatistics extends Together {
  readonly kind: 'imageStatistics';
  /** Two numbers: set to 1 to stop before the next batch; how many are done. */
  readonly control: number;
  readonly dataset: number;
  readonly order: number;
  readonly sizes: readonly number[];
  readonly weights: number;
}

/** Figures at one point on as many chunks of the samples as the thread gets hold of. */
export interface ImageEvaluation {
  readonly kind: 'imageEvaluation';
  /** Three numbers: 1 to stop; the next chunk nobody has begun; how many are done. */
  readonly control: number;
  readonly network: number;
  readonly dataset: number;
  readonly order: number;
  readonly samples: number;
  readonly chunk: number;
  readonly weights: number;
  readonly rooms: readonly number[];
  readonly totals: number;
  /** Where the class that wins goes, a byte a sample; 0 for figures instead. */
  readonly winners: number;
}

/** What samples give of a gradient or of a product, on as many parts as the thread gets hold of. */
export interface CurvatureJob {
  readonly kind: 'curvature';
  /** One number: the next part nobody has begun. */
  readonly control: number;
  readonly parts: number;
  /** Samples in a part, a multiple of 64; the last may have fewer. */
  readonly partSize: number;
  readonly plan: number;
  readonly dataset: number;
  /** 0, 1, 2, … up to the last sample. */
  readonly order: number;
  readonly samples: number;
  readonly weights: number;
  /** What products need of the samples; `prepare` makes it. */
  readonly kept: number;
  /** The samples' pixels by column, a tile after the other: where each column begins, and entries. */
  readonly starts: number;
  readonly entries: number;
  /** Floats of the weights, and where each part's sum goes, one after the other. */
  readonly size: number;
  readonly sums: number;
  readonly scratch: readonly number[];
  readonly task:
    | { readonly kind: 'prepare'; readonly totals: number }
    | { readonly kind: 'product'; readonly direction: number; readonly ofNetwork: boolean };
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
