import { requireFinite } from '../errors';
import { linearCombination, type StateDict } from '../weights';

/**
 * A path as weights on its anchors: `coefficients(t)` has one number for each anchor, and the
 * point at t is their linear combination.
 */
export interface Path {
  readonly anchors: readonly StateDict[];
  coefficients(t: number): readonly number[];
  /** What plots call its two ends. */
  readonly ends?: PathEnds;
}

/** What is at t = 0, and what at t = 1. */
export type PathEnds = readonly [at0: string, at1: string];

/**
 * The straight line through two state dicts, the lab's way round: t·a + (1 − t)·b, so it starts
 * at b (t = 0) and ends at a (t = 1), both exactly. Outside [0, 1] the line goes on.
 * The caller disposes the result.
 *
 * @param stateDictA where t = 1 is
 * @param stateDictB where t = 0 is
 * @throws InputError when the structures differ or t is not finite
 * @example
 * ```ts
 * interpolateBetweenStateDicts(0.25, a, b).w.arraySync(); // → [ 0.75, 1.75 ]
 * ```
 */
export function interpolateBetweenStateDicts(
  t: number,
  stateDictA: StateDict,
  stateDictB: StateDict,
): StateDict {
  requireFinite('interpolateBetweenStateDicts', 't', t);
  return linearCombination([t, 1 - t], [stateDictA, stateDictB], 'interpolateBetweenStateDicts');
}

/**
 * The one-bend chain φ_θ(t) of Garipov et al. 2018 (arXiv 1802.10026):
 *
 *     φ_θ(t) = (1 − 2t)·w₁ + 2t·θ          for t ≤ ½,
 *     φ_θ(t) = (2 − 2t)·θ + (2t − 1)·w₂    for t ≥ ½,
 *
 * with φ(0) = w₁, φ(½) = θ and φ(1) = w₂ exactly. Outside [0, 1] the chain is not defined; this
 * function then extrapolates the nearer outer segment along its straight line, as the lab's plots
 * to t = 1.5 need. The caller disposes the result.
 *
 * @param stateDictAtW1 w₁, the chain's beginning
 * @param stateDictAtW2 w₂, its end
 * @param stateDictAtTheta θ, its bend
 * @throws InputError when the structures differ or t is not finite
 * @example
 * ```ts
 * getStateDictFromChain(0.25, a, b, scale(2, a)).w.arraySync(); // → [ 4.5, 6 ]
 * ```
 */
export function getStateDictFromChain(
  t: number,
  stateDictAtW1: StateDict,
  stateDictAtW2: StateDict,
  stateDictAtTheta: StateDict,
): StateDict {
  requireFinite('getStateDictFromChain', 't', t);
  return linearCombination(
    chainCoefficients(t),
    [stateDictAtW1, stateDictAtTheta, stateDictAtW2],
    'getStateDictFromChain',
  );
}

/** The weights of (w₁, θ, w₂) in φ_θ(t); see `getStateDictFromChain`. */
export function chainCoefficients(t: number): readonly [w1: number, theta: number, w2: number] {
  return t <= 0.5 ? [1 - 2 * t, 2 * t, 0] : [0, 2 - 2 * t, 2 * t - 1];
}

/**
 * The line of `interpolateBetweenStateDicts` as a path: b at t = 0, a at t = 1. The line from w₁ to
 * w₂, as a chain goes, is `line(w2, w1)`. It holds no tensors of its own: the two state dicts must live
 * as long as it is used.
 *
 * @param stateDictA where t = 1 is
 * @param stateDictB where t = 0 is
 * @param ends what plots call the two, that at t = 0 first
 * @example
 * ```ts
 * line(w1, w2).coefficients(0.25); // → [ 0.25, 0.75 ]
 * line(w2, w1, ['w₁', 'w₂']).coefficients(0); // → [ 0, 1 ]
 * ```
 */
export function line(
  stateDictA: StateDict,
  stateDictB: StateDict,
  ends: PathEnds = ['b', 'a'],
): Path {
  return { anchors: [stateDictA, stateDictB], coefficients: (t) => [t, 1 - t], ends };
}
