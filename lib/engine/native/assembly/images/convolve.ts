import { VECTOR } from '../math';
import { tile } from '../tile';
import {
  BLOCK, gradientsAt, imageBytes, Operation, pixelBytes, rowBytes, Value, valuesAt,
} from './layout';

/**
 * Convolutions with stride 1 as products of matrices, without copying the patches: in a row of the
 * image the pixels under a row of the kernel lie side by side. A dense layer is the case of one
 * pixel. Weights lie in panels of eight outputs: [outputs / 8][size][size][inputs][8], then the
 * bias.
 */
const PANEL: usize = 8;
const PANEL_BYTES: usize = 4 * PANEL;

/** Inputs of an output: size · size · channels. */
@inline
function depth(size: u32, inputs: u32): u32 {
  return size * size * inputs;
}

@inline
function panels(v: Value): u32 {
  return v.channels / (PANEL as u32);
}

@inline
export function biasOf(op: Operation, weights: usize): usize {
  return weights + op.weights + ((depth(op.size, op.input.channels) * op.output.channels) as usize << 2);
}

export function convolveForward(op: Operation, room: usize, weights: usize, image: u32): void {
  const from = op.input;
  const corner = (op.before as usize) * (rowBytes(from) + pixelBytes(from));
  const pixels = BLOCK * op.output.height * op.output.width;
  const x = valuesAt(room, from, image) - corner;
  const y = valuesAt(room, op.output, image);
  const w = weights + op.weights;
  convolve(from, x, op.sources, op.size, w, biasOf(op, weights), op.output, y, op.targets, pixels);
}

/** The derivative by the input: a convolution with the kernel turned around. */
export function convolveBackward(op: Operation, room: usize, image: u32): void {
  const to = op.output;
  const after = op.size - 1 - op.before;
  const corner = (after as usize) * (rowBytes(to) + pixelBytes(to));
  const pixels = BLOCK * op.input.height * op.input.width;
  const d = gradientsAt(room, to, image) - corner;
  const e = gradientsAt(room, op.input, image);
  const turned = room + op.own;
  convolve(to, d, op.backSources, op.size, turned, 0, op.input, e, op.backTargets, pixels);
}

/** Four pixels by eight outputs at a time. */
function convolve(
  from: Value,
  x: usize,
  sources: usize,
  size: u32,
  w: usize,
  bias: usize,
  to: Value,
  y: usize,
  targets: usize,
  pixels: u32,
): void {
  const row = rowBytes(from);
  const line = (size as usize) * pixelBytes(from);
  const panelBytes = (depth(size, from.channels) as usize) * PANEL_BYTES;
  const end = (pixels as usize) << 2;
  const zero = f32x4.splat(0);
  for (let panel: usize = 0; panel < panels(to); panel++) {
    const column = panel * PANEL_BYTES;
    const b0 = bias ? v128.load(bias + column) : zero;
    const b1 = bias ? v128.load(bias + column, 16) : zero;
    for (let i: usize = 0; i < end; i += 16) {
      const p0 = x + load<u32>(sources + i);
      const p1 = x + load<u32>(sources + i, 4);
      const p2 = x + load<u32>(sources + i, 8);
      const p3 = x + load<u32>(sources + i, 12);
      const out = y + column;
      const q0 = out + load<u32>(targets + i);
      const q1 = out + load<u32>(targets + i, 4);
      const q2 = out + load<u32>(targets + i, 8);
      const q3 = out + load<u32>(targets + i, 12);
      const k = w + panel * panelBytes;
      tile(p0, p1, p2, p3, size, line, row, k, PANEL_BYTES, b0, b1, q0, q1, q2, q3);
    }
  }
}

/** A thread's share of the weights turned around for `convolveBackward`: inputs become outputs. */
export function turn(op: Operation, room: usize, weights: usize, thread: u32, threads: u32): void {
  const inputs = op.input.channels;
  const outputs = op.output.channels;
  const taps = op.size * op.size;
  const last = (panels(op.input) * (thread + 1)) / threads;
  for (let panel = (panels(op.input) * thread) / threads; panel < last; panel++) {
    let to = room + op.own + ((panel * taps * outputs) as usize) * PANEL_BYTES;
    for (let tap = taps; tap > 0; tap--) {
      const k = (tap - 1) * inputs + panel * (PANEL as u32);
      for (let o: u32 = 0; o < outputs; o++) {
        const line = (o / (PANEL as u32)) * taps * inputs + k;
        let w = weights + op.weights + (line as usize) * PANEL_BYTES + ((o % (PANEL as u32)) << 2);
        for (let j: usize = 0; j < PANEL; j++) {
          store<f32>(to, load<f32>(w));
          to += 4;
          w += PANEL_BYTES;
        }
      }
    }
  }
}

/** Pixels that are summed in registers before the sum joins the gradient. */
const PIXELS: u32 = 1024;

/**
 * A thread's share of a layer's gradient, over the `n` images of the batch: each number is one
 * thread's alone and summed in the order of the images, so that it is the same for any threads.
 */
export function convolveGradient(
  op: Operation,
  room: usize,
  n: u32,
  gradient: usize,
  thread: u32,
  threads: u32,
): void {
  const groups = depth(op.size, op.input.channels) / 4;
  const items = groups * panels(op.output);
  const begin = (items * thread) / threads;
  const end = (items * (thread + 1)) / threads;
  const area = op.output.height * op.output.width;
  const images = BLOCK * max(PIXELS / (BLOCK * area), 1);
  for (let image: u32 = 0; image < n; image += images) {
    const last = min(image + images, n);
    for (let item = begin; item < end; item++) {
      // All panels of one group of inputs, which so stays near.
      const panel = item % panels(op.output);
      const k = (item / panels(op.output)) * 4;
      const g = gradient + op.weights + ((panel * groups * 4 + k) as usize) * PANEL_BYTES;
      weightGradient(op, room, image, last, k, panel, g);
    }
  }
  const to = biasOf(op, gradient);
  const from = (panels(op.output) * thread) / threads;
  const until = (panels(op.output) * (thread + 1)) / threads;
  for (let panel = from; panel < until; panel++) {
    const at = (panel as usize) * PANEL_BYTES;
    biasGradient(op, room, n, at, to + at);
    biasGradient(op, room, n, at + VECTOR, to + at + VECTOR);
  }
}

/** Of four inputs and eight outputs over images [first, last); the first images begin the sum. */
function weightGradient(
  op: Operation,
  room: usize,
  first: u32,
  last: u32,
  k: u32,
  panel: u32,
  g: usize,
): void {
  const from = op.input;
  const tap = k / from.channels;
  const y = ((tap / op.size) as usize) - (op.before as usize);
  const x = ((tap % op.size) as usize) - (op.before as usize);
  const shift = y * rowBytes(from) + x * pixelBytes(from) + ((k % from.channels) << 2);
  const area = op.output.height * op.output.width;
  const sources: usize = op.sources;
  const targets: usize = op.targets;
  const zero = f32x4.splat(0);
  let x0 = zero, x1 = zero, x2 = zero, x3 = zero;
  let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
  let a = valuesAt(room, from, first) + shift;
  let b = gradientsAt(room, op.output, first) + (panel as usize) * PANEL_BYTES;
  for (let image = first; image < last; image += BLOCK) {
    const end = ((min(BLOCK, last - image) * area) as usize) << 2;
    for (let i: usize = 0; i < end; i += 4) {
      const p = a + load<u32>(sources + i);
      const q = b + load<u32>(targets + i);
      const d0 = v128.load(q);
      const d1 = v128.load(q, 16);
      const s0 = v128.load32_splat(p);
      const s1 = v128.load32_splat(p, 4);
      const s2 = v128.load32_splat(p, 8);
      const s3 = v128.load32_splat(p, 12);
      x0 = f32x4.add(x0, f32x4.mul(s0, d0));
      x1 = f32x4.add(x1, f32x4.mul(s1, d0));
      x2 = f32x4.add(x2, f32x4.mul(s2, d0));
      x3 = f32x4.add(x3, f32x4.mul(s3, d0));
      y0 = f32x4.add(y0, f32x4.mul(s0, d1));
      y1 = f32x4.add(y1, f32x4.mul(s1, d1));
      y2 = f32x4.add(y2, f32x4.mul(s2, d1));
      y3 = f32x4.add(y3, f32x4.mul(s3, d1));
    }
    a += (BLOCK as usize) * imageBytes(from);
    b += (BLOCK as usize) * imageBytes(op.output);
  }
  if (first == 0) memory.fill(g, 0, 4 * PANEL_BYTES);
  join(g, x0, y0);
  join(g + PANEL_BYTES, x1, y1);
  join(g + 2 * PANEL_BYTES, x2, y2);
  join(g + 3 * PANEL_BYTES, x3, y3);
}

@inline
function join(at: usize, x: v128, y: v128): void {
  v128.store(at, f32x4.add(v128.load(at), x));
  v128.store(at, f32x4.add(v128.load(at, 16), y), 16);
}

/** Of four outputs, image by image; borders are 0. */
function biasGradient(op: Operation, room: usize, n: u32, column: usize, g: usize): void {
  const to = op.output;
  const bytes = imageBytes(to);
  const pixel = pixelBytes(to);
  let sum = f32x4.splat(0);
  for (let image: u32 = 0; image < n; image++) {
    const begin = room + to.gradients + (image as usize) * bytes;
    let own = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += pixel) {
      own = f32x4.add(own, v128.load(begin + at + column));
    }
    sum = f32x4.add(sum, own);
  }
  v128.store(g, sum);
}
