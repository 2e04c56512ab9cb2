import type { Batch, Dataset } from '../data';
import type { LossFunction, Network } from '../nn';
import type { StateDict } from '../weights';

/** Mean loss (nats) and mean accuracy (in [0, 1]) over some samples. */
export interface Figures {
  readonly loss: number;
  readonly accuracy: number;
}

/** What one batch says at one point of weight space. */
export interface BatchGradient extends Figures {
  /** ∇ of the batch's mean loss, a tensor for every float tensor of the weights. */
  readonly gradient: StateDict;
}

/**
 * Losses and accuracies at many points of a linear family, points given by their coefficients:
 * w(c) = Σₖ cₖ·anchorₖ. A segment, a chain and a plane are such families: (a, b) with (t, 1 − t);
 * (w₁, θ, w₂) with two of three non-zero; (w₁, û, v̂) with (1, a, b).
 */
export interface Evaluator {
  /** One result a point, in order, over the whole dataset. Stops where `signal` is aborted. */
  evaluate(points: readonly (readonly number[])[], signal?: AbortSignal): Promise<Figures[]>;
  /** Frees what the evaluator holds; the anchors stay the caller's. */
  dispose(): void;
}

/** Who computes: the two verbs that everything hot in the lab goes through. */
export interface Engine {
  readonly name: string;
  /**
   * Loss, accuracy and gradient of one batch at `weights`. The caller disposes the gradient.
   */
  lossAndGradient(
    network: Network,
    weights: StateDict,
    batch: Batch,
    lossFunction: LossFunction,
  ): BatchGradient;
  /** Readies the evaluation of many points; anchors must not be disposed before the evaluator. */
  evaluator(network: Network, anchors: readonly StateDict[], dataset: Dataset): Evaluator;
}
