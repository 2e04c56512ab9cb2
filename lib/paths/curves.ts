import { InputError } from '../errors';
import type { StateDict } from '../weights';
import type { Path } from './points';

/** A curve from w₁ to w₂ by way of bends: straight segments that meet there, or a Bézier curve. */
export type Curve = 'chain' | 'bezier';

/**
 * The weights of (w₁, θ₁ … θₙ, w₂) in the point at t. A chain has n + 1 segments, each 1/(n + 1) of
 * t; outside of [0, 1] the outer ones go on. A Bézier curve has B(n + 1, k)·tᵏ·(1 − t)ⁿ⁺¹⁻ᵏ.
 */
export function curveCoefficients(curve: Curve, bends: number, t: number): number[] {
  const last = bends + 1;
  if (curve === 'bezier') {
    let binomial = 1;
    return Array.from({ length: last + 1 }, (_, k) => {
      if (k > 0) binomial = (binomial * (last - k + 1)) / k;
      return binomial * t ** k * (1 - t) ** (last - k);
    });
  }
  if (Number.isNaN(t)) return new Array<number>(last + 1).fill(t);
  const joint = Math.round(t * last);
  // At a joint exactly: 49·(1/49) is not 1.
  const along = t === joint / last ? joint : t * last;
  const segment = Math.max(0, Math.min(bends, Math.floor(along)));
  const share = along - segment;
  const coefficients = new Array<number>(last + 1).fill(0);
  coefficients[segment] = 1 - share;
  coefficients[segment + 1] = share;
  return coefficients;
}

/** @throws InputError unless it is a curve's name */
export function requireCurve(curve: Curve): void {
  if (curve === 'chain' || curve === 'bezier') return;
  throw new InputError(`fitBend: curve must be 'chain' or 'bezier', got ${curve}`);
}

/** Where on the curve bend k, counted from 0, has a part: two segments of a chain, all of a Bézier curve. */
export function reachOf(curve: Curve, bends: number, k: number): readonly [number, number] {
  return curve === 'bezier' ? [0, 1] : [k / (bends + 1), (k + 2) / (bends + 1)];
}

/**
 * The chain of straight segments from w₁ by way of the bends to w₂, each segment an equal part of
 * [0, 1]; with one bend θ it is the φ_θ of `getStateDictFromChain`, with none the straight line.
 * Ends and bends are exact: φ(k/(n + 1)) is the kth of them. Outside of [0, 1] the outer segments
 * go on. It holds no tensors of its own: the state dicts must live as long as it is used.
 *
 * @param stateDictAtW1 w₁, the chain's beginning
 * @param stateDictAtW2 w₂, its end
 * @param bends θ₁ … θₙ, in their order
 * @example
 * ```ts
 * chain(w1, w2, theta).coefficients(0.5); // → [ 0, 1, 0 ]
 * ```
 */
export function chain(
  stateDictAtW1: StateDict,
  stateDictAtW2: StateDict,
  ...bends: readonly StateDict[]
): Path {
  return curveThrough('chain', stateDictAtW1, stateDictAtW2, bends);
}

/**
 * The Bézier curve from w₁ to w₂ with the bends as control points, with one bend
 *
 *     φ_θ(t) = (1 − t)²·w₁ + 2t(1 − t)·θ + t²·w₂,
 *
 * the quadratic one of Garipov et al. 2018 (arXiv 1802.10026). Its ends are exact; it does not pass
 * through the bends. It holds no tensors of its own: the state dicts must live as long as it is used.
 *
 * @param stateDictAtW1 w₁, where it begins
 * @param stateDictAtW2 w₂, where it ends
 * @param bends θ₁ … θₙ, in their order
 * @example
 * ```ts
 * bezier(w1, w2, theta).coefficients(0.5); // → [ 0.25, 0.5, 0.25 ]
 * ```
 */
export function bezier(
  stateDictAtW1: StateDict,
  stateDictAtW2: StateDict,
  ...bends: readonly StateDict[]
): Path {
  return curveThrough('bezier', stateDictAtW1, stateDictAtW2, bends);
}

function curveThrough(
  curve: Curve,
  w1: StateDict,
  w2: StateDict,
  bends: readonly StateDict[],
): Path {
  return {
    anchors: [w1, ...bends, w2],
    coefficients: (t) => curveCoefficients(curve, bends.length, t),
    ends: ['w₁', 'w₂'],
  };
}
