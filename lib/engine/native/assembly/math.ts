/** Four floats at once: eˣ and the nonlinearities. */

export const VECTOR: usize = 16;

@inline
export function splat(p: usize): v128 {
  return v128.load32_splat(p);
}

/** 1.5·2²³: added, it rounds to a whole number, which then stands in the lowest bits. */
const SHIFT: f32 = 12582912.0;

/** y of e^r = 1 + r + y·r², from the highest power of r down. */
export const P0: f32 = 1.9875691500e-4;
export const P1: f32 = 1.3981999507e-3;
export const P2: f32 = 8.3334519073e-3;
export const P3: f32 = 4.1665795894e-2;
export const P4: f32 = 1.6666665459e-1;
export const P5: f32 = 5.0000001201e-1;

/**
 * eˣ to about 1e-7 relative, as in Cephes: 2ⁿ·e^r with |r| ≤ ½·ln 2. Below −87 it is 1e-38. `pmin` and
 * `pmax` are one instruction each, `min` and `max` with their rules for NaN and −0 eight.
 */
@inline
export function exp4(x: v128): v128 {
  const bounded = notBelow(f32x4.pmin(x, f32x4.splat(88.0)));
  const n = wholeOf(bounded);
  const r = restOf(bounded, n);
  let y = horner(f32x4.splat(P0), r, P1);
  y = horner(y, r, P2);
  y = horner(y, r, P3);
  y = horner(y, r, P4);
  y = horner(y, r, P5);
  return expOf(y, r, n);
}

/** The parts of `exp4`, for who takes several at once: x from −87 on. */
@inline
export function notBelow(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(-87.0));
}

/** n, still with SHIFT. */
@inline
export function wholeOf(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(SHIFT));
}

/** r = x − n·ln 2. */
@inline
export function restOf(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, f32x4.splat(SHIFT));
  const r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
}

@inline
export function horner(y: v128, r: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(y, r), f32x4.splat(c));
}

/** 2ⁿ·(1 + r + y·r²). */
@inline
export function expOf(y: v128, r: v128, shifted: v128): v128 {
  const e = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(y, r), r), r), f32x4.splat(1.0));
  return f32x4.mul(e, i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23));
}

/** 0 none, 1 ReLU, 2 sigmoid, 3 tanh. */
@inline
export function activate(kind: i32, z: v128): v128 {
  const one = f32x4.splat(1);
  if (kind == 1) return f32x4.pmax(z, f32x4.splat(0));
  if (kind == 2) return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(z))));
  if (kind == 3) {
    const e = exp4(f32x4.add(z, z));
    return f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  }
  return z;
}

/** The derivative of a nonlinearity where its value is `a`. */
@inline
export function slope(kind: i32, a: v128): v128 {
  const one = f32x4.splat(1);
  if (kind == 1) return v128.and(f32x4.gt(a, f32x4.splat(0)), one);
  if (kind == 2) return f32x4.mul(a, f32x4.sub(one, a));
  if (kind == 3) return f32x4.sub(one, f32x4.mul(a, a));
  return one;
}

/** The sum of the four. */
@inline
export function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}
