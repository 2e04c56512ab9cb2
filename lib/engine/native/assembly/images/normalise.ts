import { VECTOR } from '../math';
import { gradientsAt, Operation, pixelBytes, rowBytes, valuesAt } from './layout';

/**
 * BatchNorm in two operations with a meeting between them: `measure` takes each image's moments,
 * `normalise` uses those of the batch; backward the other way round. What it keeps, a row of
 * channels each: µ, weight/√(σ² + ε), 1/√(σ² + ε), the batch's mean of d and of d·x̂/√(σ² + ε);
 * then for each image two rows of partial sums.
 */
const EPSILON: f32 = 1e-5;
const ROWS: usize = 5;

@inline
function partialsOf(op: Operation, room: usize, image: u32): usize {
  return room + op.own + (ROWS + 2 * (image as usize)) * pixelBytes(op.input);
}

/** An image's mean and Σ(x − mean)², channel by channel. */
export function measure(op: Operation, room: usize, image: u32): void {
  const from = op.input;
  const pixel = pixelBytes(from);
  const row = rowBytes(from);
  const x = valuesAt(room, from, image);
  const to = partialsOf(op, room, image);
  const width = (from.width as usize) * pixel;
  const share = f32x4.splat(1 / ((from.height * from.width) as f32));
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    let sum = f32x4.splat(0);
    for (let y: usize = 0; y < from.height; y++) {
      const at = x + y * row + c;
      for (let p = at; p < at + width; p += pixel) sum = f32x4.add(sum, v128.load(p));
    }
    const mean = f32x4.mul(sum, share);
    let squares = f32x4.splat(0);
    for (let y: usize = 0; y < from.height; y++) {
      const at = x + y * row + c;
      for (let p = at; p < at + width; p += pixel) {
        const off = f32x4.sub(v128.load(p), mean);
        squares = f32x4.add(squares, f32x4.mul(off, off));
      }
    }
    v128.store(to + c, mean);
    v128.store(to + pixel + c, squares);
  }
}

/**
 * The batch's moments from those of its `n` images. With a `momentum` above 0 the running
 * statistics move towards them, by the unbiased variance.
 */
export function joinMoments(
  op: Operation,
  room: usize,
  n: u32,
  weights: usize,
  momentum: f32,
): void {
  const pixel = pixelBytes(op.input);
  const area = (op.input.height * op.input.width) as f32;
  const count = area * (n as f32);
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    let sum = f32x4.splat(0);
    for (let i: u32 = 0; i < n; i++) {
      sum = f32x4.add(sum, v128.load(partialsOf(op, room, i) + c));
    }
    const mean = f32x4.div(sum, f32x4.splat(n as f32));
    let squares = f32x4.splat(0);
    for (let i: u32 = 0; i < n; i++) {
      const at = partialsOf(op, room, i) + c;
      const off = f32x4.sub(v128.load(at), mean);
      const between = f32x4.mul(f32x4.mul(off, off), f32x4.splat(area));
      squares = f32x4.add(squares, f32x4.add(v128.load(at + pixel), between));
    }
    const variance = f32x4.div(squares, f32x4.splat(count));
    keep(op, room, weights, c, mean, variance);
    if (momentum == 0) continue;
    const running = weights + op.running + c;
    blend(running, mean, momentum);
    blend(running + pixel, f32x4.div(squares, f32x4.splat(count - 1)), momentum);
  }
}

/** With a momentum of 1 what was there goes, whatever it was. */
@inline
function blend(at: usize, x: v128, momentum: f32): void {
  const moved = f32x4.mul(x, f32x4.splat(momentum));
  const old = f32x4.mul(v128.load(at), f32x4.splat(1 - momentum));
  v128.store(at, momentum == 1 ? x : f32x4.add(old, moved));
}

@inline
function keep(
  op: Operation,
  room: usize,
  weights: usize,
  c: usize,
  mean: v128,
  variance: v128,
): void {
  const pixel = pixelBytes(op.input);
  const own = room + op.own + c;
  const deviation = f32x4.sqrt(f32x4.add(variance, f32x4.splat(EPSILON)));
  const perDeviation = f32x4.div(f32x4.splat(1), deviation);
  v128.store(own, mean);
  v128.store(own + pixel, f32x4.mul(v128.load(weights + op.weights + c), perDeviation));
  v128.store(own + 2 * pixel, perDeviation);
}

/** The running statistics as those to normalise by, in evaluation. */
export function takeRunning(op: Operation, room: usize, weights: usize): void {
  const pixel = pixelBytes(op.input);
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    const running = weights + op.running + c;
    keep(op, room, weights, c, v128.load(running), v128.load(running + pixel));
  }
}

/** y = weight·(x − µ)/√(σ² + ε) + bias. */
export function normalise(op: Operation, room: usize, weights: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const own = room + op.own;
  const bias = weights + op.weights + pixel;
  const width = (op.input.width as usize) * pixel;
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    const mean = v128.load(own + c);
    const scale = v128.load(own + pixel + c);
    const shift = v128.load(bias + c);
    for (let y: usize = 0; y < op.input.height; y++) {
      let from = valuesAt(room, op.input, image) + y * rowBytes(op.input) + c;
      let to = valuesAt(room, op.output, image) + y * rowBytes(op.output) + c;
      const end = from + width;
      for (; from < end; from += pixel) {
        const x = f32x4.sub(v128.load(from), mean);
        v128.store(to, f32x4.add(f32x4.mul(x, scale), shift));
        to += pixel;
      }
    }
  }
}

/** An image's Σd and Σd·(x − µ). */
export function normaliseBackward(op: Operation, room: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const sums = partialsOf(op, room, image);
  const width = (op.input.width as usize) * pixel;
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    const mean = v128.load(room + op.own + c);
    let sum = f32x4.splat(0);
    let product = sum;
    for (let y: usize = 0; y < op.input.height; y++) {
      let x = valuesAt(room, op.input, image) + y * rowBytes(op.input) + c;
      let d = gradientsAt(room, op.output, image) + y * rowBytes(op.output) + c;
      const end = x + width;
      for (; x < end; x += pixel) {
        const dy = v128.load(d);
        sum = f32x4.add(sum, dy);
        product = f32x4.add(product, f32x4.mul(dy, f32x4.sub(v128.load(x), mean)));
        d += pixel;
      }
    }
    v128.store(sums + c, sum);
    v128.store(sums + pixel + c, product);
  }
}

/** The gradient of weight and bias. */
export function joinGradients(
  op: Operation,
  room: usize,
  n: u32,
  gradient: usize,
): void {
  const pixel = pixelBytes(op.input);
  const count = f32x4.splat((op.input.height * op.input.width * n) as f32);
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    let sum = f32x4.splat(0);
    let product = sum;
    for (let i: u32 = 0; i < n; i++) {
      const at = partialsOf(op, room, i) + c;
      sum = f32x4.add(sum, v128.load(at));
      product = f32x4.add(product, v128.load(at + pixel));
    }
    const own = room + op.own + c;
    const perDeviation = v128.load(own + 2 * pixel);
    const ofWeight = f32x4.mul(product, perDeviation);
    v128.store(gradient + op.weights + c, ofWeight);
    v128.store(gradient + op.weights + pixel + c, sum);
    v128.store(own + 3 * pixel, f32x4.div(sum, count));
    v128.store(own + 4 * pixel, f32x4.mul(f32x4.div(ofWeight, count), perDeviation));
  }
}

/** ∂L/∂x = weight/√(σ² + ε) · (d − mean(d) − x̂·mean(d·x̂)). */
export function measureBackward(op: Operation, room: usize, image: u32): void {
  const pixel = pixelBytes(op.input);
  const own = room + op.own;
  const width = (op.input.width as usize) * pixel;
  for (let c: usize = 0; c < pixel; c += VECTOR) {
    const mean = v128.load(own + c);
    const scale = v128.load(own + pixel + c);
    const ofMean = v128.load(own + 3 * pixel + c);
    const ofScale = v128.load(own + 4 * pixel + c);
    for (let y: usize = 0; y < op.input.height; y++) {
      let x = valuesAt(room, op.input, image) + y * rowBytes(op.input) + c;
      let d = gradientsAt(room, op.output, image) + y * rowBytes(op.output) + c;
      let e = gradientsAt(room, op.input, image) + y * rowBytes(op.input) + c;
      const end = x + width;
      for (; x < end; x += pixel) {
        const normal = f32x4.mul(f32x4.sub(v128.load(x), mean), ofScale);
        const centred = f32x4.sub(f32x4.sub(v128.load(d), ofMean), normal);
        v128.store(e, f32x4.mul(centred, scale));
        d += pixel;
        e += pixel;
      }
    }
  }
}
