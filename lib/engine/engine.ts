import type { DataLoader, Dataset } from '../data';
import type { LossFunction, Network } from '../nn';
import type { Optimizer } from '../optim';
import type { StateDict } from '../weights';
import type { Curvature } from './curvature';

/** Mean loss (nats, if the loss is) and mean accuracy (in [0, 1]) over some samples. */
export interface Figures {
  readonly loss: number;
  readonly accuracy: number;
  /** The mean of each metric that was asked for, by its name. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/**
 * Figures to measure beside loss and accuracy, by their names: functions of logits and labels as a
 * loss is, each giving the mean over a batch. Over all samples it is the mean of the batches',
 * weighted by their sizes.
 */
export type Metrics = Readonly<Record<string, LossFunction>>;

/** What one batch says at one point of weight space. */
export interface BatchGradient extends Figures {
  /** ∇ of the batch's mean loss, a tensor for every tensor of the weights but buffers. */
  readonly gradient: StateDict;
  /** The buffers as the batch left them: BatchNorm's statistics; empty for most networks. */
  readonly buffers: StateDict;
}

/** One pass of an optimizer over a loader. */
export interface Descent {
  readonly network: Network;
  /** The point that moves. Its weights are replaced and the old ones disposed. */
  readonly point: { weights: StateDict };
  /**
   * Where the loss of each batch is taken, if not at the moving point itself: w = Σₖ cₖ·fixedₖ +
   * c·weights, with the coefficients of batch i in `coefficients[i]`, that of the moving point
   * last. The gradient is then c times that at w.
   */
  readonly family?: {
    readonly fixed: readonly StateDict[];
    readonly coefficients: readonly (readonly number[])[];
  };
  readonly loader: DataLoader;
  readonly lossFunction: LossFunction;
  readonly optimizer: Optimizer;
  readonly signal?: AbortSignal | undefined;
  /** Told while it runs, and at its end, how many of the batches are done. */
  readonly onBatch?: ((done: number, total: number) => void) | undefined;
}

/** What an evaluator makes of a point before it evaluates there, e.g. statistics of BatchNorm. */
export type AtPoint = (weights: StateDict, point: readonly number[]) => Promise<StateDict>;

/** What an evaluator measures, if not cross-entropy at the very points. */
export interface EvaluatorOptions {
  readonly atPoint?: AtPoint | undefined;
  readonly lossFunction?: LossFunction | undefined;
  readonly metrics?: Metrics | undefined;
}

/** How statistics are made. */
export interface StatisticsPass {
  /** Images in a batch, at least 1. */
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
}

/** How the evaluation of many points is watched and stopped. */
export interface EvaluateOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told while it runs how much of all is done, in [0, 1]. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Losses and accuracies at many points of a linear family, points given by their coefficients:
 * w(c) = Σₖ cₖ·anchorₖ. A segment, a chain and a plane are such families: (a, b) with (t, 1 − t);
 * (w₁, θ, w₂) with two of three non-zero; (w₁, û, v̂) with (1, a, b).
 */
export interface Evaluator {
  /**
   * One result a point, in order, over all samples. Many points in one call cost less than one by
   * one.
   *
   * @throws InputError unless every point has a finite coefficient for each anchor, and on a loader
   *   that has no batch
   */
  evaluate(points: readonly (readonly number[])[], options?: EvaluateOptions): Promise<Figures[]>;
  /**
   * The class that the network takes each sample for, counted from 0: `[i][s]` is that of sample s
   * at point i.
   *
   * @throws InputError as `evaluate`
   */
  labels(points: readonly (readonly number[])[], options?: EvaluateOptions): Promise<number[][]>;
  /** Frees what the evaluator holds; the anchors stay the caller's. */
  dispose(): void;
}

/**
 * Who computes: the four verbs that everything hot in the lab goes through.
 *
 * Every engine refuses the same, by an `InputError`, before it does anything (`guarded` sees to it
 * wherever the lab calls an engine): weights that are not the network's by name, shape or dtype, or
 * disposed; images of another shape than the network's input, labels that are none of its outputs;
 * a learning rate that is none, an optimizer that has stepped weights of other shapes;
 * coefficients that are not finite, or too few. Point and optimizer are then as they were. Batches
 * of a loader's own iterator are checked one by one, before the step that they lead to, and what the
 * step of an optimizer of one's own gives, before the old weights go.
 */
export interface Engine {
  readonly name: string;
  /**
   * Loss and gradient of every batch, each followed by a step of the optimizer; the mean figures
   * seen on the way. Stopped by its signal it throws after a whole step: the point and the
   * optimizer's memory then belong together.
   *
   * @throws InputError when the loader has no batch, and on what every engine refuses
   */
  descend(descent: Descent): Promise<Figures>;
  /**
   * Readies the evaluation of many points; anchors must not be disposed before the evaluator. Of
   * what `atPoint` gives the evaluator disposes. The samples are a dataset's, in batches of the
   * engine's own, or what a pass over a loader gives, one pass a point; a loss is then the mean of
   * the batches', each weighted by its size.
   *
   * @throws InputError on what every engine refuses
   */
  evaluator(
    network: Network,
    anchors: readonly StateDict[],
    samples: Dataset | DataLoader,
    options?: EvaluatorOptions,
  ): Evaluator;
  /**
   * The weights with BatchNorm's running statistics made anew: the mean over a dataset's batches of
   * their means and unbiased variances, nothing dropped. The caller disposes the result.
   *
   * @throws InputError on what every engine refuses, and where a batch has no variance
   */
  statistics(
    network: Network,
    weights: StateDict,
    dataset: Dataset,
    options: StatisticsPass,
  ): Promise<StateDict>;
  /**
   * Products with the second derivatives of the mean cross-entropy at a point. The caller disposes
   * it; `weights` may be disposed before.
   *
   * @throws InputError on what every engine refuses, on no sample, and on layers that `curvatureAt`
   *   does not name
   */
  curvature(network: Network, weights: StateDict, dataset: Dataset): Promise<Curvature>;
}
