/**
 * The mean cross-entropy L of some samples near one point w of weight space, to second order:
 *
 *     L(w + v) = L(w) + ∇L·v + ½·v·Hv + …
 *
 * Vectors have a number a parameter, in the order of `parametersToVector`. What does not depend on v
 * is made once, so many products at a point cost less than as many points. A signal that is aborted
 * stops a product; without one, that of the notebook's cell does.
 */
export interface Curvature {
  /** L, in nats. */
  readonly loss: number;
  /** ∇L; not to be written to. */
  readonly gradient: Float64Array;
  /** Hv, H being the matrix of second derivatives of L; no difference of gradients. */
  hessian(v: Float64Array, signal?: AbortSignal): Promise<Float64Array>;
  /**
   * Gv, G = Jᵀ·(∂²L/∂z²)·J being the Gauss–Newton matrix, with J = ∂z/∂w of the logits z: what H is
   * where the network is linear in its weights. No eigenvalue of G is negative.
   */
  gaussNewton(v: Float64Array, signal?: AbortSignal): Promise<Float64Array>;
  /** Frees what it holds, when what runs is done; no product can be asked for after that. */
  dispose(): void;
}
