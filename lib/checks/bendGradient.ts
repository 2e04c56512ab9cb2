import * as tf from '@tensorflow/tfjs';
import type { Batch } from '../data';
import { initialize, type Network } from '../nn';
import { bendGradient } from '../paths';
import { cosine, disposeStateDict, linearCombination, norm, type StateDict } from '../weights';
import { type Check, check, tidily, withFields } from './check';
import { asList, told } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { away } from './points';

/** Task 2.2's function: a batch's loss at φ_θ(t) in nats, and its gradient with respect to θ. */
export type GradientAtTheta = (
  t: number,
  theta: StateDict,
  batch: Batch,
) => { readonly loss: number; readonly gradient: StateDict };

/** The chain that the gradient is of, apart from θ. */
export interface Ends {
  readonly network: Network;
  readonly w1: StateDict;
  readonly w2: StateDict;
}

/** Length of the steps that the difference quotient takes, and how far off it may be. */
const STEP = 1e-2;
const SLOPE_TOLERANCE = 0.03;
/**
 * How far off the library's gradient an answer may be, in its length. Another order of summation
 * moves it by less than 1e-6, one image of 128 left out by more than 7e-3.
 */
const TOLERANCE = 1e-3;
const LOSS_TOLERANCE = 1e-3;
/** Cosine of vectors that point one way. */
const ALONG = 0.999;

/** Where the gradient is asked for: its own θ and batch each, none of which an answer may keep. */
interface Place {
  readonly t: number;
  readonly theta: StateDict;
  readonly batch: Batch;
}

/** Lengths of the step that leads to another θ, in those of a fresh initialisation. */
const STEPS = [0.2, 0.5, 1, 2, 4, 8];
/** The loss of another θ, or batch, differs by this share. */
const DIFFERENT = 0.02;

/**
 * Task 2.2's loss of a batch at φ_θ(t) and its gradient with respect to θ: the loss against the
 * net's, the gradient against the loss a little further along it, where the slope must be |g|, and
 * against the gradient itself. Tried also at another θ, and with a part of the batch.
 *
 * @param ends the network and the ends of the chain
 * @param answer the student's function
 * @param theta where it is tried first
 * @param batch the images that it is tried with, which stay the caller's
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * for (const batch of loader) {
 *   const { findings } = await checkBendGradient(
 *     { network, w1, w2 },
 *     (t, at, some) => bendGradient(network, t, { w1, w2, theta: at }, some),
 *     theta,
 *     batch,
 *   );
 *   findings.every(({ verdict }) => verdict === 'holds'); // → true
 * }
 * ```
 */
export async function checkBendGradient(
  ends: Ends,
  answer: GradientAtTheta,
  theta: StateDict,
  batch: Batch,
  seed = 1,
): Promise<Check> {
  const lossAt = ({ t, theta: at, batch: of }: Place) =>
    tf.tidy(() => bendGradient(ends.network, t, { ...ends, theta: at }, of).loss);
  const other = otherTheta(ends.network, theta, seed, (at) => lossAt({ t: 0.2, theta: at, batch }));
  const part = partOf(batch, (of) => lossAt({ t: 0.5, theta, batch: of }));
  // The last two return what was asked for first, if it is kept.
  const places: readonly [Place, Place, Place] = [
    { t: 0.2, theta: other, batch },
    { t: 0.5, theta, batch: part },
    { t: 0.8, theta: other, batch: part },
  ];
  const changed = watch({ θ: [theta, other], 'the batch': [batch, part] });
  const asked = ({ t, theta: at, batch: of }: Place) =>
    withFields(answer(t, at, of), 'loss', 'gradient');
  const slopeOverLength = (place: Place, gradient: StateDict): number => {
    const length = norm(gradient);
    const at = (step: number) =>
      lossAt({ ...place, theta: linearCombination([1, step / length], [place.theta, gradient]) });
    return (at(STEP) - at(-STEP)) / (2 * STEP) / length;
  };
  /** The right answer to another question: that of the θ, or the batch, that it is not about. */
  const instead = (place: Place, fits: (like: Place) => boolean): string | undefined => {
    const swaps = [
      ['θ', { ...place, theta: place.theta === theta ? other : theta }],
      ['θ', { ...place, theta: midpoint() }],
      ['batch', { ...place, batch: place.batch === batch ? part : batch }],
      ['θ, and of another batch,', { ...place, theta, batch }],
    ] as const;
    const like = swaps.find(([, one]) => fits(one));
    return like && `it is that of another ${like[0]} than it is given: does it use its arguments?`;
  };
  const midpoint = () => linearCombination([0.5, 0.5], [ends.w1, ends.w2]);
  const rightAt = ({ t, theta: at, batch: of }: Place) =>
    bendGradient(ends.network, t, { ...ends, theta: at }, of).gradient;
  const judge = (place: Place) =>
    tidily(() => {
      const { t } = place;
      const right = rightAt(place);
      const got = asked(place).gradient;
      const off = away(got, right);
      if (typeof off === 'string') return off;
      const [length, along] = [norm(got), cosine(got, right)];
      if (!Number.isFinite(length)) return `at t = ${t} the gradient is not finite`;
      if (!(length > 0)) return `at t = ${t} the gradient is zero`;
      const ratio = slopeOverLength(place, got);
      // By both: the difference quotient knows nothing of the library's gradient.
      const near = (d: number, wanted: StateDict) => d <= TOLERANCE * norm(wanted);
      const slopeFits = Math.abs(ratio - 1) <= SLOPE_TOLERANCE;
      if (slopeFits && near(off, right)) return undefined;
      const partOf = (g: StateDict, name: string) => norm({ [name]: g[name]! });
      const still = Object.keys(right).find((n) => partOf(got, n) === 0 && partOf(right, n) > 0);
      if (still)
        return `the part of '${still}' is zero: has every layer its part in your gradient?`;
      if (along < -ALONG) {
        return 'along it the loss falls as fast as it should rise: which way does a gradient point?';
      }
      if (along > ALONG && slopeFits) {
        return (
          `it is nearly the gradient, but ${(off / norm(right)).toPrecision(2)} of its length off: ` +
          'is it that of the mean over all of the batch?'
        );
      }
      if (along > ALONG) {
        return (
          `it points the right way, and the slope of the loss along it is ${ratio.toPrecision(3)} ` +
          'times its length |g|, not once: how far does φ(t) move when θ moves by 1?'
        );
      }
      const swapped = instead(place, (like) => {
        const wanted = rightAt(like);
        return near(Number(away(got, wanted)), wanted);
      });
      return (
        swapped ??
        'the loss rises faster in another direction: is it the loss at φ(t), and of this batch?'
      );
    });
  try {
    return await check('2.2', {
      'the loss is that of the net at φ(t)': tidily(() => {
        for (const place of places) {
          const { t } = place;
          const got = numberOf(asked(place).loss);
          if (typeof got !== 'number') {
            return `the loss is ${told(got)}: expected a number, as value.dataSync()[0] gives it`;
          }
          const right = lossAt(place);
          if (!Number.isFinite(right)) return 'the loss there is not finite: are w₁ and w₂ minima?';
          const near = (wanted: number) => Math.abs(got - wanted) <= LOSS_TOLERANCE * wanted;
          if (near(right)) continue;
          if (near(lossAt({ ...place, t: 0.5 }))) {
            return `at t = ${t} it is that of the net at θ: which point is φ(t)?`;
          }
          return (
            instead(place, (like) => near(lossAt(like))) ??
            `at t = ${t} you have ${told(got)}, the network there has ${told(right)}`
          );
        }
        return undefined;
      }),
      'at t = 0.2 the gradient is the slope of the loss': judge(places[0]),
      'at t = 0.5': judge(places[1]),
      'at t = 0.8': judge(places[2]),
      [AS_BEFORE]: leavesAsBefore(changed),
    });
  } finally {
    disposeStateDict(other);
    tf.dispose([part.x, part.y]);
  }
}

/** A number, also as the only one of a list, as `dataSync` gives it. */
function numberOf(value: unknown): unknown {
  const list = asList(value);
  return Array.isArray(list) && list.length === 1 ? list[0] : list;
}

/** θ and a step away from it, long enough to tell by the loss. */
function otherTheta(
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
