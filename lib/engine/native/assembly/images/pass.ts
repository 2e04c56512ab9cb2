import { crossEntropy, Totals, winnerOf } from '../crossEntropy';
import { Sparse } from '../sparse';
import { convolveBackward, convolveForward, convolveGradient, turn } from './convolve';
import {
  AVERAGE_POOL, BLOCK, CONVOLVE, DROPOUT, gradientsAt, LOAD, MAX_POOL, MEASURE, MOVE, NORMALISE,
  Operation, operation, RELU, valuesAt,
} from './layout';
import { goOn, isLast, meet, Meeting } from '../meet';
import {
  joinGradients, joinMoments, measure, measureBackward, normalise, normaliseBackward, takeRunning,
} from './normalise';
import {
  averagePool, averagePoolBackward, drop, dropBackward, loadImage, maxPool, maxPoolBackward, move,
  moveBackward, relu, reluBackward,
} from './pointwise';

/** A network's operations from `operations` on, `count` of them, and how many classes it has. */
@unmanaged
export class Network {
  operations: u32;
  count: u32;
  classes: u32;
}

function forward(
  op: Operation,
  room: usize,
  weights: usize,
  data: Sparse,
  indices: usize,
  image: u32,
  n: u32,
  learning: bool,
): void {
  const kind = op.kind;
  if (kind == CONVOLVE) return convolveForward(op, room, weights, image);
  const last = min(image + BLOCK, n);
  for (let i = image; i < last; i++) {
    if (kind == LOAD) loadImage(op, room, data, load<u32>(indices + ((i as usize) << 2)), i);
    else if (kind == MEASURE) measure(op, room, i);
    else if (kind == NORMALISE) normalise(op, room, weights, i);
    else if (kind == RELU) relu(op, room, i);
    else if (kind == MAX_POOL) maxPool(op, room, i);
    else if (kind == AVERAGE_POOL) averagePool(op, room, i);
    else if (kind == DROPOUT) drop(op, room, i, learning);
    else if (kind == MOVE) move(op, room, i);
  }
}

function backward(op: Operation, room: usize, image: u32, n: u32): void {
  const kind = op.kind;
  if (kind == CONVOLVE) return convolveBackward(op, room, image);
  const last = min(image + BLOCK, n);
  for (let i = image; i < last; i++) {
    if (kind == MEASURE) measureBackward(op, room, i);
    else if (kind == NORMALISE) normaliseBackward(op, room, i);
    else if (kind == RELU) reluBackward(op, room, i);
    else if (kind == MAX_POOL) maxPoolBackward(op, room, i);
    else if (kind == AVERAGE_POOL) averagePoolBackward(op, room, i);
    else if (kind == DROPOUT) dropBackward(op, room, i);
    else if (kind == MOVE) moveBackward(op, room, i);
  }
}

/** Where a thread's blocks of a batch of `n` images begin; the last one's end at `threads`. */
@inline
function beginOf(thread: u32, threads: u32, n: u32): u32 {
  const blocks = (n + BLOCK - 1) / BLOCK;
  return ((blocks * thread) / threads) * BLOCK;
}

/**
 * A thread's part of the forward pass of `n` images, which have BatchNorm's statistics of their
 * own: it goes with its blocks of images as far as the next statistics, and meets the others there.
 */
export function forwardTogether(
  net: Network, data: Sparse, indices: usize, n: u32,
  room: usize, weights: usize,
  momentum: f32, learning: bool,
  thread: u32, threads: u32, meeting: Meeting,
): void {
  const begin = beginOf(thread, threads, n);
  const end = beginOf(thread + 1, threads, n);
  let first: u32 = 0;
  while (first < net.count) {
    let next = first;
    while (next < net.count && operation(net.operations, next).kind != MEASURE) next++;
    const measured = next < net.count;
    if (measured) next++;
    for (let image = begin; image < end; image += BLOCK) {
      for (let i = first; i < next; i++) {
        forward(operation(net.operations, i), room, weights, data, indices, image, n, learning);
      }
    }
    if (measured && isLast(meeting, threads)) {
      joinMoments(operation(net.operations, next - 1), room, n, weights, momentum);
      goOn(meeting);
    }
    first = next;
  }
}

/** A thread's part of a batch's loss and gradient; all meet at the end of it. */
export function learnTogether(
  net: Network, data: Sparse, indices: usize, n: u32,
  room: usize, weights: usize, gradient: usize,
  momentum: f32, totals: Totals,
  thread: u32, threads: u32, meeting: Meeting,
): void {
  for (let i: u32 = 1; i < net.count; i++) {
    const op = operation(net.operations, i);
    if (op.kind == CONVOLVE && op.own != 0) turn(op, room, weights, thread, threads);
  }
  forwardTogether(
    net, data, indices, n, room, weights, momentum, true, thread, threads, meeting,
  );
  if (isLast(meeting, threads)) {
    const logits = operation(net.operations, net.count - 1).output;
    const z = valuesAt(room, logits, 0);
    const d = gradientsAt(room, logits, 0);
    crossEntropy(data, indices, n, beginOf(threads, threads, n), net.classes, logits.channels, z, d, totals);
    goOn(meeting);
  }
  const begin = beginOf(thread, threads, n);
  const end = beginOf(thread + 1, threads, n);
  let last = net.count;
  while (last > 1) {
    let next = last - 1;
    while (next > 1 && operation(net.operations, next).kind != NORMALISE) next--;
    for (let image = begin; image < end; image += BLOCK) {
      for (let i = last - 1; i >= next; i--) {
        const op = operation(net.operations, i);
        // Nobody asks for the derivative by the images.
        if (i > 1 || op.kind == NORMALISE) backward(op, room, image, n);
      }
    }
    if (isLast(meeting, threads)) {
      const op = operation(net.operations, next);
      if (op.kind == NORMALISE) joinGradients(op, room, n, gradient);
      goOn(meeting);
    }
    last = next;
  }
  for (let i: u32 = 1; i < net.count; i++) {
    const op = operation(net.operations, i);
    if (op.kind == CONVOLVE) convolveGradient(op, room, n, gradient, thread, threads);
  }
  meet(meeting, threads);
}

/**
 * Adds to `totals` the losses and right answers of samples [from, to) of an order or, unless
 * `winners` is 0, puts the class that wins there, a byte a sample. Nothing is shared with other
 * threads; `room` has place for one block of images.
 */
export function evaluateImages(
  net: Network,
  data: Sparse,
  indices: usize,
  from: u32,
  to: u32,
  room: usize,
  weights: usize,
  totals: Totals,
  winners: usize,
): void {
  for (let i: u32 = 1; i < net.count; i++) {
    const op = operation(net.operations, i);
    if (op.kind == NORMALISE) takeRunning(op, room, weights);
  }
  const logits = operation(net.operations, net.count - 1).output;
  const z = valuesAt(room, logits, 0);
  for (let sample = from; sample < to; sample += BLOCK) {
    const n = min(BLOCK, to - sample);
    const some = indices + ((sample as usize) << 2);
    for (let i: u32 = 0; i < net.count; i++) {
      const op = operation(net.operations, i);
      if (op.kind != MEASURE) forward(op, room, weights, data, some, 0, n, false);
    }
    if (winners == 0) {
      const d = gradientsAt(room, logits, 0);
      crossEntropy(data, some, n, BLOCK, net.classes, logits.channels, z, d, totals);
      continue;
    }
    for (let s: u32 = 0; s < n; s++) {
      const row = z + (((s * logits.channels) as usize) << 2);
      store<u8>(winners + ((sample + s) as usize), winnerOf(row, net.classes) as u8);
    }
  }
}
