import type { Batch } from '../data';
import { cosine, linearCombination, norm, type StateDict } from '../weights';
import {
  anotherQuestion,
  type Choices,
  disposeChoices,
  drawChoices,
  type Ends,
  gradientAt,
  lossAt,
  type Place,
} from './bendPlaces';
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
  const choices = drawChoices(ends, theta, batch, seed);
  const { otherTheta, part } = choices;
  // The last two return what was asked for first, if it is kept.
  const places: readonly [Place, Place, Place] = [
    { t: 0.2, theta: otherTheta, batch },
    { t: 0.5, theta, batch: part },
    { t: 0.8, theta: otherTheta, batch: part },
  ];
  const changed = watch({ θ: [theta, otherTheta], 'the batch': [batch, part] });
  const slope = (place: Place) => tidily(() => judgeGradient(choices, place, answer));
  try {
    return await check(
      { task: '2.2', name: 'checkBendGradient' },
      {
        'the loss is that of the net at φ(t)': tidily(() => judgeLosses(choices, places, answer)),
        'at t = 0.2 the gradient is the slope of the loss': slope(places[0]),
        'at t = 0.5': slope(places[1]),
        'at t = 0.8': slope(places[2]),
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    disposeChoices(choices);
  }
}

function asked(answer: GradientAtTheta, { t, theta, batch }: Place) {
  return withFields(answer(t, theta, batch), 'loss', 'gradient');
}

function judgeLosses(
  choices: Choices,
  places: readonly Place[],
  answer: GradientAtTheta,
): string | undefined {
  for (const place of places) {
    const { t } = place;
    const got = numberOf(asked(answer, place).loss);
    if (typeof got !== 'number') {
      return `the loss is ${told(got)}: expected a number, as value.dataSync()[0] gives it`;
    }
    const right = lossAt(choices.ends, place);
    if (!Number.isFinite(right)) return 'the loss there is not finite: are w₁ and w₂ minima?';
    const fits = (like: Place) => {
      const wanted = lossAt(choices.ends, like);
      return Math.abs(got - wanted) <= LOSS_TOLERANCE * wanted;
    };
    if (fits(place)) continue;
    if (fits({ ...place, t: 0.5 })) {
      return `at t = ${t} it is that of the net at θ: which point is φ(t)?`;
    }
    return (
      anotherQuestion(choices, place, fits) ??
      `at t = ${t} you have ${told(got)}, the network there has ${told(right)}`
    );
  }
  return undefined;
}

function judgeGradient(
  choices: Choices,
  place: Place,
  answer: GradientAtTheta,
): string | undefined {
  const { t } = place;
  const right = gradientAt(choices.ends, place);
  const got = asked(answer, place).gradient;
  const off = away(got, right);
  if (typeof off === 'string') return off;
  const length = norm(got);
  if (!Number.isFinite(length)) return `at t = ${t} the gradient is not finite`;
  if (!(length > 0)) return `at t = ${t} the gradient is zero`;
  const ratio = slopeOverLength(choices.ends, place, got);
  // By both: the difference quotient knows nothing of the library's gradient.
  const slopeFits = Math.abs(ratio - 1) <= SLOPE_TOLERANCE;
  if (slopeFits && isNear(off, right)) return undefined;
  const still = zeroPart(got, right);
  if (still) return `the part of '${still}' is zero: has every layer its part in your gradient?`;
  const along = cosine(got, right);
  if (along < -ALONG) {
    return 'along it the loss falls as fast as it should rise: which way does a gradient point?';
  }
  if (along > ALONG) return oneWay(off / norm(right), ratio, slopeFits);
  const swapped = anotherQuestion(choices, place, (like) => {
    const wanted = gradientAt(choices.ends, like);
    return isNear(Number(away(got, wanted)), wanted);
  });
  return (
    swapped ??
    'the loss rises faster in another direction: is it the loss at φ(t), and of this batch?'
  );
}

function isNear(off: number, wanted: StateDict): boolean {
  return off <= TOLERANCE * norm(wanted);
}

/** What is amiss with a gradient that points the right way. */
function oneWay(off: number, ratio: number, slopeFits: boolean): string {
  return slopeFits
    ? `it is nearly the gradient, but ${off.toPrecision(2)} of its length off: is it that of the ` +
        'mean over all of the batch?'
    : `it points the right way, and the slope of the loss along it is ${ratio.toPrecision(3)} ` +
        'times its length |g|, not once: how far does φ(t) move when θ moves by 1?';
}

/** A tensor that is zero and should not be. */
function zeroPart(got: StateDict, right: StateDict): string | undefined {
  const length = (gradient: StateDict, name: string) => norm({ [name]: gradient[name]! });
  return Object.keys(right).find((name) => length(got, name) === 0 && length(right, name) > 0);
}

/** The slope of the loss along a gradient, by a difference quotient, over its length: 1 if it is one. */
function slopeOverLength(ends: Ends, place: Place, gradient: StateDict): number {
  const length = norm(gradient);
  const at = (step: number) => {
    const theta = linearCombination([1, step / length], [place.theta, gradient]);
    return lossAt(ends, { ...place, theta });
  };
  return (at(STEP) - at(-STEP)) / (2 * STEP) / length;
}

/** A number, also as the only one of a list, as `dataSync` gives it. */
function numberOf(value: unknown): unknown {
  const list = asList(value);
  return Array.isArray(list) && list.length === 1 ? list[0] : list;
}
