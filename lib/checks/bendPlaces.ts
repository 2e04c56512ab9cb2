import * as tf from '@tensorflow/tfjs';
import type { Batch } from '../data';
import { initialize, type Network } from '../nn';
import { bendGradient } from '../paths';
import { disposeStateDict, linearCombination, type StateDict } from '../weights';

/** The chain that the gradient is of, apart from θ. */
export interface Ends {
  readonly network: Network;
  readonly w1: StateDict;
  readonly w2: StateDict;
}

/** Where the gradient is asked for: its own θ and batch each, none of which an answer may keep. */
export interface Place {
  readonly t: number;
  readonly theta: StateDict;
  readonly batch: Batch;
}

/** A θ and a batch as they are given, and others whose loss differs. */
export interface Choices {
  readonly ends: Ends;
  readonly theta: StateDict;
  readonly otherTheta: StateDict;
  readonly batch: Batch;
  readonly part: Batch;
}

/** Lengths of the step that leads to another θ, in those of a fresh initialisation. */
const STEPS = [0.2, 0.5, 1, 2, 4, 8];
/** The loss of another θ, or batch, differs by this share. */
const DIFFERENT = 0.02;

export function lossAt(ends: Ends, { t, theta, batch }: Place): number {
  return tf.tidy(() => bendGradient(ends.network, t, { ...ends, theta }, batch).loss);
}

/** Call it in a tidy. */
export function gradientAt(ends: Ends, { t, theta, batch }: Place): StateDict {
  return bendGradient(ends.network, t, { ...ends, theta }, batch).gradient;
}

/** Draws the other θ and the part of the batch; `disposeChoices` disposes of both. */
export function drawChoices(ends: Ends, theta: StateDict, batch: Batch, seed: number): Choices {
  const otherTheta = thetaAway(ends.network, theta, seed, (at) =>
    lossAt(ends, { t: 0.2, theta: at, batch }),
  );
  const part = partOf(batch, (of) => lossAt(ends, { t: 0.5, theta, batch: of }));
  return { ends, theta, otherTheta, batch, part };
}

export function disposeChoices({ otherTheta, part }: Choices): void {
  disposeStateDict(otherTheta);
  tf.dispose([part.x, part.y]);
}

/**
 * The right answer to another question, in words: that of the θ, or the batch, that it is not
 * about. Call it in a tidy.
 */
export function anotherQuestion(
  { ends, theta, otherTheta, batch, part }: Choices,
  place: Place,
  fits: (like: Place) => boolean,
): string | undefined {
  const midpoint = linearCombination([0.5, 0.5], [ends.w1, ends.w2]);
  const swaps = [
    ['θ', { ...place, theta: place.theta === theta ? otherTheta : theta }],
    ['θ', { ...place, theta: midpoint }],
    ['batch', { ...place, batch: place.batch === batch ? part : batch }],
    ['θ, and of another batch,', { ...place, theta, batch }],
  ] as const;
  const like = swaps.find(([, one]) => fits(one));
  return like && `it is that of another ${like[0]} than it is given: does it use its arguments?`;
}

/** θ and a step away from it, long enough to tell by the loss. */
function thetaAway(
  network: Network,
  theta: StateDict,
  seed: number,
  lossAt: (theta: StateDict) => number,
): StateDict {
  const away = initialize(network, seed);
  const before = lossAt(theta);
  let found: StateDict | undefined;
  for (const step of STEPS) {
    if (found) disposeStateDict(found);
    found = linearCombination([1, step], [theta, away]);
    if (Math.abs(lossAt(found) - before) > DIFFERENT * before) break;
  }
  disposeStateDict(away);
  return found!;
}

/** Some first samples of a batch, whose loss differs from that of all. */
function partOf(batch: Batch, lossOf: (part: Batch) => number): Batch {
  const whole = lossOf(batch);
  const parts = (size: number): Batch => ({
    x: batch.x.slice([0], [size]),
    y: batch.y.slice([0], [size]),
    size,
    indices: batch.indices.slice(0, size),
  });
  let part = parts(Math.ceil(batch.size / 2));
  while (part.size > 1 && !(Math.abs(lossOf(part) - whole) > DIFFERENT * whole)) {
    tf.dispose([part.x, part.y]);
    part = parts(Math.max(1, Math.floor(0.8 * part.size)));
  }
  return part;
}
