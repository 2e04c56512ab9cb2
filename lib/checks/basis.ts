import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { cosine, disposeStateDict, dot, norm, type StateDict, subtract } from '../weights';
import { type Check, check, tidily, withFields } from './check';
import { away, randomPoints } from './points';

type Basis = (
  w1: StateDict,
  w2: StateDict,
  theta: StateDict,
) => { readonly u: StateDict; readonly v: StateDict };

/** A cosine of float32 vectors that rounding alone explains. */
const RIGHT_ANGLE = 1e-4;
const IN_PLANE = 1e-3;
/** Cosines: u and v as they come, at random points about 0.5, are no answer yet. */
const ABOUT_RIGHT = 0.1;
const PARALLEL = 1 - 1e-6;

/**
 * Task 2.3's function: û and v̂ are orthogonal and span the plane through w₁, w₂ and θ. Their
 * lengths, signs and order are free. Tried on random points.
 */
export async function checkBasis(answer: Basis, seed = 1): Promise<Check> {
  const [w1, w2, theta] = randomPoints(3, seed) as [StateDict, StateDict, StateDict];
  // Asked once, or what is orthogonal could be another pair than what lies in the plane.
  let asked: { u: StateDict; v: StateDict } | undefined;
  const directions = () => {
    if (asked !== undefined) return asked;
    const { u, v } = withFields(answer(w1, w2, theta), 'u', 'v');
    for (const [name, direction] of Object.entries({ u, v })) {
      const other = away(direction, w1);
      if (typeof other === 'string') throw new InputError(`${name}: ${other}`);
    }
    const kept = (direction: StateDict) =>
      Object.fromEntries(Object.keys(w1).map((name) => [name, tf.keep(direction[name]!.clone())]));
    asked = { u: kept(u), v: kept(v) };
    return asked;
  };
  const holds = (point: StateDict, name: string) =>
    tidily(() => {
      const { u, v } = directions();
      const angle = Math.abs(cosine(u, v));
      if (angle > PARALLEL) return 'û and v̂ are parallel, and span no plane';
      if (!(angle <= ABOUT_RIGHT)) return 'that shows once they are at a right angle, or about';
      const rest = outside(subtract(point, w1), u, v);
      return rest <= IN_PLANE
        ? undefined
        : `${Number((100 * rest).toPrecision(2))} % of the way from w₁ to ${name} lies outside of their plane`;
    });
  try {
    return await check('2.3', {
      'û ⊥ v̂': tidily(() => {
        const { u, v } = directions();
        const angle = cosine(u, v);
        if (!Number.isFinite(angle)) return 'one of them is zero or not finite';
        if (Math.abs(angle) <= RIGHT_ANGLE) return undefined;
        const degrees = (Math.acos(Math.min(1, Math.abs(angle))) * 180) / Math.PI;
        const told =
          degrees < 89
            ? `${degrees.toPrecision(3)}°`
            : `almost 90° (cosine ${angle.toExponential(1)})`;
        return `there are ${told} between them: what part of one lies along the other?`;
      }),
      'w₂ lies in their plane': holds(w2, 'w₂'),
      'θ lies in their plane': holds(theta, 'θ'),
    });
  } finally {
    disposeStateDict(w1, w2, theta, ...(asked ? [asked.u, asked.v] : []));
  }
}

/** The share of a vector that lies outside the span of u and v, whatever the angle between them. */
function outside(vector: StateDict, u: StateDict, v: StateDict): number {
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
  const [pu, pv] = [dot(vector, u), dot(vector, v)];
  const determinant = uu * vv - uv * uv;
  if (!(determinant > 1e-9 * uu * vv)) return 1;
  const inside = (pu * (pu * vv - pv * uv) + pv * (pv * uu - pu * uv)) / determinant;
  const all = norm(vector) ** 2;
  return Math.sqrt(Math.max(0, all - inside) / all);
}
