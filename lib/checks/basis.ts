import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { cosine, disposeStateDict, dot, norm, type StateDict, subtract } from '../weights';
import { type Check, check, tidily, withFields } from './check';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { away, randomPoints } from './points';

/** Task 2.3's function: the directions û and v̂ of the plane through three points. */
export type OrthogonalDirections = (
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

/** Points to span a plane by, and what the answer has found of it. */
interface Asked {
  readonly points: readonly [w1: StateDict, w2: StateDict, theta: StateDict];
  found?: { readonly u: StateDict; readonly v: StateDict };
}

/**
 * Task 2.3's function: û and v̂ are orthogonal and span the plane through w₁, w₂ and θ. Their
 * lengths, signs and order are free. Tried on random points, twice.
 *
 * @param answer the student's function
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkBasis(orthogonalBasis);
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkBasis(answer: OrthogonalDirections, seed = 1): Promise<Check> {
  const drawn = randomPoints(6, seed) as [StateDict, StateDict, StateDict, ...StateDict[]];
  const given = drawn.map((point) => ({ ...point }));
  const all: readonly Asked[] = [0, 3].map((from) => ({
    points: given.slice(from, from + 3) as unknown as Asked['points'],
  }));
  const changed = watch({ 'the state dicts': given });
  // Asked once, or what is orthogonal could be another pair than what lies in the plane.
  const directions = (asked: Asked) => {
    if (asked.found !== undefined) return asked.found;
    const { u, v } = withFields(answer(...asked.points), 'u', 'v');
    const names = Object.keys(drawn[0]);
    for (const [name, direction] of Object.entries({ u, v })) {
      const other = away(direction, drawn[0]);
      if (typeof other === 'string') throw new InputError(`${name}: ${other}`);
    }
    const kept = (direction: StateDict) =>
      Object.fromEntries(names.map((name) => [name, tf.keep(direction[name]!.clone())]));
    asked.found = { u: kept(u), v: kept(v) };
    return asked.found;
  };
  /** The first hint on any of the planes. */
  const onEach = (judge: (u: StateDict, v: StateDict, from: number) => string | undefined) =>
    tidily(() => {
      for (const [k, asked] of all.entries()) {
        const { u, v } = directions(asked);
        const hint = judge(u, v, 3 * k);
        if (hint !== undefined) return k === 0 ? hint : `with other points, ${hint}`;
      }
      return undefined;
    });
  const holds = (place: number, name: string) =>
    onEach((u, v, from) => {
      const angle = Math.abs(cosine(u, v));
      if (angle > PARALLEL) return 'û and v̂ are parallel, and span no plane';
      if (!(angle <= ABOUT_RIGHT)) return 'that shows once they are at a right angle, or about';
      const rest = outside(subtract(drawn[from + place]!, drawn[from]!), u, v);
      return rest <= IN_PLANE
        ? undefined
        : `${Number((100 * rest).toPrecision(2))} % of the way from w₁ to ${name} lies outside of their plane`;
    });
  try {
    return await check(
      { task: '2.3', name: 'checkBasis' },
      {
        'û ⊥ v̂': onEach(areOrthogonal),
        'w₂ lies in their plane': holds(1, 'w₂'),
        'θ lies in their plane': holds(2, 'θ'),
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    for (const { found } of all) if (found) disposeStateDict(found.u, found.v);
    disposeStateDict(...drawn);
  }
}

function areOrthogonal(u: StateDict, v: StateDict): string | undefined {
  const angle = cosine(u, v);
  if (!Number.isFinite(angle)) return 'one of them is zero or not finite';
  if (Math.abs(angle) <= RIGHT_ANGLE) return undefined;
  const degrees = (Math.acos(Math.abs(angle)) * 180) / Math.PI;
  const told =
    degrees < 89 ? `${degrees.toPrecision(3)}°` : `almost 90° (cosine ${angle.toExponential(1)})`;
  return `there are ${told} between them: what part of one lies along the other?`;
}

/** The share of a vector that lies outside the span of u and v, which are not parallel. */
function outside(vector: StateDict, u: StateDict, v: StateDict): number {
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
  const [pu, pv] = [dot(vector, u), dot(vector, v)];
  const determinant = uu * vv - uv * uv;
  const inside = (pu * (pu * vv - pv * uv) + pv * (pv * uu - pu * uv)) / determinant;
  const all = norm(vector) ** 2;
  return Math.sqrt(Math.max(0, all - inside) / all);
}
