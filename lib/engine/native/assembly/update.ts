import { VECTOR } from './math';

/** The optimizers' rules on whole vectors of floats; the formulas stand in lib/optim. */

/** out = Σ cₖ·vₖ for `count` vectors whose addresses and coefficients are given, from `offset` on. */
export function combine(
  out: usize,
  bytes: usize,
  count: u32,
  addresses: usize,
  coefficients: usize,
  offset: usize,
): void {
  const zero = f32x4.splat(0);
  const whole = bytes - (bytes % (4 * VECTOR));
  for (let p: usize = 0; p < whole; p += 4 * VECTOR) {
    let x0 = zero, x1 = zero, x2 = zero, x3 = zero;
    for (let k: usize = 0; k < count; k++) {
      const v = (load<u32>(addresses + (k << 2)) as usize) + offset + p;
      const c = v128.load32_splat(coefficients + (k << 2));
      x0 = f32x4.add(x0, f32x4.mul(c, v128.load(v)));
      x1 = f32x4.add(x1, f32x4.mul(c, v128.load(v, 16)));
      x2 = f32x4.add(x2, f32x4.mul(c, v128.load(v, 32)));
      x3 = f32x4.add(x3, f32x4.mul(c, v128.load(v, 48)));
    }
    v128.store(out + p, x0);
    v128.store(out + p, x1, 16);
    v128.store(out + p, x2, 32);
    v128.store(out + p, x3, 48);
  }
  for (let p = whole; p < bytes; p += VECTOR) {
    let x = zero;
    for (let k: usize = 0; k < count; k++) {
      const v = (load<u32>(addresses + (k << 2)) as usize) + offset + p;
      x = f32x4.add(x, f32x4.mul(v128.load32_splat(coefficients + (k << 2)), v128.load(v)));
    }
    v128.store(out + p, x);
  }
}

/** Far below what moves a weight that has a gradient, far above float32's smallest normal number, 2⁻¹²⁶. */
const SETTLED: f32 = 1e-30;

/**
 * 0 where a number has died away. Of a pixel that is seldom lit the momentum falls by a tenth a step, down
 * to float32's subnormal numbers, and there it would stay: Intel's processors take a hundred cycles and more
 * for each that they multiply.
 */
@inline
function settled(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(SETTLED)));
}

/**
 * SGD with the gradient times `factor`, and 0 where that is 0, whatever the gradient; `first` starts
 * the buffer with the gradient. On `lines` stretches of `bytes` bytes, `next` from one to the next.
 */
export function sgd(
  w: usize, g: usize, buffer: usize, lines: u32, bytes: usize, next: usize,
  factor: f32, rate: f32, momentum: f32, decay: f32, nesterov: bool, first: bool,
): void {
  // Written out for the usual case: what is asked of each vector takes as long as the step itself.
  if (factor != 0 && momentum != 0 && decay == 0 && !nesterov && !first) {
    descend(w, g, buffer, lines, bytes, next, factor, false, rate, true, momentum, 0, false, false);
  } else {
    descend(
      w, g, buffer, lines, bytes, next,
      factor, factor == 0, rate, momentum != 0, momentum, decay, nesterov, first,
    );
  }
}

/** A step of `sgd`, for which what is known when it is compiled is not asked. */
@inline
function descend(
  w: usize, g: usize, buffer: usize, lines: u32, bytes: usize, next: usize,
  factor: f32, still: bool, rate: f32, heavy: bool, momentum: f32, decay: f32, nesterov: bool, first: bool,
): void {
  const f = f32x4.splat(factor);
  const minusRate = f32x4.splat(-rate);
  const mu = f32x4.splat(momentum);
  const lambda = f32x4.splat(decay);
  const zero = f32x4.splat(0);
  for (let line: usize = 0; line < lines; line++) {
    const end = line * next + bytes;
    for (let p = line * next; p < end; p += VECTOR) {
      const at = v128.load(w + p);
      let step = still ? zero : f32x4.mul(v128.load(g + p), f);
      if (decay != 0) step = f32x4.add(step, f32x4.mul(at, lambda));
      if (heavy) {
        const b = settled(first ? step : f32x4.add(f32x4.mul(v128.load(buffer + p), mu), step));
        v128.store(buffer + p, b);
        step = nesterov ? f32x4.add(step, f32x4.mul(b, mu)) : b;
      }
      v128.store(w + p, f32x4.add(at, f32x4.mul(step, minusRate)));
    }
  }
}

/** Adam, or AdamW when `decoupled`, on the same numbers as `sgd`; `k` counts steps from 1. */
export function adam(
  w: usize, g: usize, mean: usize, square: usize, lines: u32, bytes: usize, next: usize,
  factor: f32, rate: f64, beta1: f64, beta2: f64, epsilon: f64, decay: f64, decoupled: bool, k: f64,
): void {
  if (factor != 0 && decay == 0) {
    adapt(w, g, mean, square, lines, bytes, next, factor, false, rate, beta1, beta2, epsilon, 0, false, k);
  } else {
    adapt(
      w, g, mean, square, lines, bytes, next,
      factor, factor == 0, rate, beta1, beta2, epsilon, decay, decoupled, k,
    );
  }
}

/** A step of `adam`, written out as `descend` is. */
@inline
function adapt(
  w: usize, g: usize, mean: usize, square: usize, lines: u32, bytes: usize, next: usize,
  factor: f32, still: bool, rate: f64, beta1: f64, beta2: f64, epsilon: f64, decay: f64, decoupled: bool,
  k: f64,
): void {
  const f = f32x4.splat(factor);
  const toMean = f32x4.splat((1 - beta1) as f32);
  const keep = f32x4.splat(beta2 as f32);
  const toSquare = f32x4.splat((1 - beta2) as f32);
  const c = Math.sqrt(1 - Math.pow(beta2, k));
  const small = f32x4.splat((epsilon * c) as f32);
  const speed = f32x4.splat(((-rate * c) / (1 - Math.pow(beta1, k))) as f32);
  const lambda = f32x4.splat(decay as f32);
  const shrink = f32x4.splat((1 - rate * decay) as f32);
  const zero = f32x4.splat(0);
  for (let line: usize = 0; line < lines; line++) {
    const end = line * next + bytes;
    for (let p = line * next; p < end; p += VECTOR) {
      let at = v128.load(w + p);
      let step = still ? zero : f32x4.mul(v128.load(g + p), f);
      if (decay != 0) {
        if (decoupled) at = f32x4.mul(at, shrink);
        else step = f32x4.add(step, f32x4.mul(at, lambda));
      }
      const m0 = v128.load(mean + p);
      const moved = f32x4.add(m0, f32x4.mul(f32x4.sub(step, m0), toMean));
      // Of a weight whose only gradient is its decay the square dies away as well, and what is left counts.
      const m = decay != 0 && !decoupled ? moved : settled(moved);
      const v = f32x4.add(
        f32x4.mul(v128.load(square + p), keep),
        f32x4.mul(f32x4.mul(step, step), toSquare),
      );
      v128.store(mean + p, m);
      v128.store(square + p, v);
      const direction = f32x4.div(m, f32x4.add(f32x4.sqrt(v), small));
      v128.store(w + p, f32x4.add(at, f32x4.mul(direction, speed)));
    }
  }
}

/** `combine` on the same stretches as `sgd`, which are at the same places in `out`. */
export function combineLines(
  out: usize,
  from: usize,
  lines: u32,
  bytes: usize,
  next: usize,
  count: u32,
  addresses: usize,
  coefficients: usize,
): void {
  for (let line: usize = 0; line < lines; line++) {
    const at = from + line * next;
    combine(out + at, bytes, count, addresses, coefficients, at);
  }
}
