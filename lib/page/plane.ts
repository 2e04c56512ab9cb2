/** A place on the plane: w = w₁ + a·û + b·v̂. */
export interface Place {
  readonly a: number;
  readonly b: number;
}

/** Weights of w₁, θ and w₂ in a point; they sum to 1. */
export type Weights3 = readonly [ofW1: number, ofTheta: number, ofW2: number];

/** The plane through w₁, w₂ and θ, as `orthogonalBasis` has it: û = w₂ − w₁, v̂ ⊥ û, b(θ) = 1. */
export interface PagePlane {
  /** |û| and |v̂|. */
  readonly lengths: { readonly u: number; readonly v: number };
  readonly theta: Place;
  /** The weights of w₁, θ and w₂ in a place of the plane. */
  weightsAt(place: Place): Weights3;
  /** The foot of a point on the plane, and how far the point is from it, in weight space. */
  footOf(point: Float32Array): Place & { readonly distance: number };
}

/** The plane of three points of weight space, each as one vector. */
export function planeThrough(w1: Float32Array, theta: Float32Array, w2: Float32Array): PagePlane {
  const u = Float64Array.from(w2, (x, i) => x - w1[i]!);
  const toTheta = Float64Array.from(theta, (x, i) => x - w1[i]!);
  const uu = dot(u, u);
  const along = dot(u, toTheta) / uu;
  const v = toTheta.map((x, i) => x - along * u[i]!);
  const vv = dot(v, v);
  const offset = new Float64Array(u.length);
  return {
    lengths: { u: Math.sqrt(uu), v: Math.sqrt(vv) },
    theta: { a: along, b: 1 },
    // w₁ + a·u + b·(θ − w₁ − along·u), sorted by w₁, θ and w₂.
    weightsAt({ a, b }) {
      const ofW2 = a - b * along;
      return [1 - b - ofW2, b, ofW2];
    },
    footOf(point) {
      for (let i = 0; i < offset.length; i++) offset[i] = point[i]! - w1[i]!;
      const [a, b] = [dot(offset, u) / uu, dot(offset, v) / vv];
      for (let i = 0; i < offset.length; i++) offset[i]! -= a * u[i]! + b * v[i]!;
      return { a, b, distance: Math.sqrt(dot(offset, offset)) };
    },
  };
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** The place at t on the chain from w₁ over a bend to w₂, half of t on each leg. */
export function onChain(bend: Place, t: number): Place {
  if (t <= 0.5) return { a: 2 * t * bend.a, b: 2 * t * bend.b };
  const rest = 2 - 2 * t;
  return { a: rest * bend.a + 2 * t - 1, b: rest * bend.b };
}

/** The place at t on the straight segment from w₁ to w₂. */
export const onSegment = (t: number): Place => ({ a: t, b: 0 });

/** What the picture shows of the plane. */
export interface Frame {
  readonly a: readonly [from: number, to: number];
  readonly b: readonly [from: number, to: number];
}

/** Width of the picture over its height. */
export const ASPECT = 1.5;

/** A frame in which w₁, w₂ and θ have room around them, with a unit as long across as it is up. */
export function frameOf({ lengths, theta }: PagePlane): Frame {
  const across = Math.max(1, Math.abs(theta.a - 0.5) + 0.3);
  const up = Math.max((across * lengths.u) / lengths.v / ASPECT, 0.9);
  const wide = (up * ASPECT * lengths.v) / lengths.u;
  return { a: [0.5 - wide, 0.5 + wide], b: [0.75 - up, 0.75 + up] };
}

/** A place, kept within the picture. */
export function inside({ a, b }: Frame, place: Place): Place {
  const within = (x: number, [from, to]: readonly [number, number]) =>
    Math.max(from, Math.min(to, x));
  return { a: within(place.a, a), b: within(place.b, b) };
}
