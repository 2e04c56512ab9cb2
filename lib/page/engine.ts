import { makeDescent, type StepKernels, weightsOf } from './descent';
import { type PlacedImages, placedCopy, placeImages } from './images';
import {
  bytesIn,
  doublesIn,
  floatsIn,
  makeRoom,
  placeFloats,
  placeWhole,
  type Room,
} from './memory';
import { panelsOf, scratchBytes } from './panels';
import type { EngineData, Images } from './payload';
import type { Weights3 } from './plane';

/**
 * The lab's WebAssembly kernels on one thread, as a page has them: w₁, θ and w₂ are the anchors of
 * all that is evaluated, so the first layer's products with the images are made once an anchor, and
 * not once a point.
 */
export interface PageEngine {
  /**
   * Mean loss (nats) and accuracy at each point, on some images: those of `evaluatePath`, but for last
   * digits that depend on which points are evaluated together.
   */
  evaluate(set: PlacedImages, points: readonly Weights3[]): Figures[];
  /** The class that wins, for each point and each image. */
  labels(set: PlacedImages, points: readonly Weights3[]): Uint8Array[];
  /** The class that wins for one image, at each point. */
  labelsOf(image: Uint8Array, points: readonly Weights3[]): number[];
  readonly sets: { readonly train: PlacedImages; readonly test: PlacedImages };
  /** SGD on all of the train images. */
  readonly descent: {
    start(from: Weights3): void;
    step(): void;
    readonly steps: number;
    weights(): Float32Array;
    figures(set: PlacedImages): Figures;
  };
}

export interface Figures {
  readonly loss: number;
  readonly accuracy: number;
}

interface Kernels extends StepKernels {
  evaluateSamples(...addresses: number[]): void;
  combine(...addresses: number[]): void;
}

/** Train images on which losses are told, of those that SGD goes down on. */
const MOST_EVALUATED = 1000;
/** Samples at a time, as Node's engine takes them: sums are then taken in the same order. */
const CHUNK = 512;
const MOST_POINTS = 128;

export function openEngine(compiled: WebAssembly.Module, data: EngineData): PageEngine {
  const room = makeRoom();
  const abort = () => {
    throw new Error('a kernel gave up');
  };
  const instance = new WebAssembly.Instance(compiled, { env: { memory: room.memory, abort } });
  const kernels = instance.exports as unknown as Kernels;
  const plan = placeWhole(room, data.plan);
  const pixels = data.plan[2]!;
  const all = placedCopy(room, data.train);
  const train = placedCopy(room, firstOf(data.train, pixels, MOST_EVALUATED));
  const test = placedCopy(room, data.test);
  const own = placeImages(room, pixels, 1, pixels);
  const ground = { room, kernels, plan, numbers: data.plan };
  const anchors = data.anchors.map((anchor) => placeFloats(room, panelsOf(data.plan, anchor)));
  const [onTrain, onTest, onOwn] = [train, test, own].map((set) =>
    makeEvaluation(ground, anchors, set),
  ) as [Evaluation, Evaluation, Evaluation];
  const evaluationOf = (set: PlacedImages) => (set === train ? onTrain : onTest);
  return {
    sets: { train, test },
    evaluate: (set, points) => evaluationOf(set).evaluate(points, true),
    labels: (set, points) => evaluationOf(set).labels(points, true),
    labelsOf(image, points) {
      own.replace({ pixels: image, labels: Uint8Array.of(0) });
      return onOwn.labels(points, false).map(([label]) => label!);
    },
    descent: descentOn(ground, data, all, [train, test]),
  };
}

interface Ground {
  readonly room: Room;
  readonly kernels: Kernels;
  readonly plan: number;
  readonly numbers: readonly number[];
}

function descentOn(
  ground: Ground,
  { plan, anchors, stepBytes }: EngineData,
  images: PlacedImages,
  sets: readonly PlacedImages[],
): PageEngine['descent'] {
  const { room, kernels } = ground;
  const size = anchors[0].length;
  const descent = makeDescent({ ...ground, size, stepBytes }, images);
  const from = placeWhole(
    room,
    anchors.map((anchor) => placeFloats(room, anchor)),
  );
  const coefficients = room.reserve(4 * anchors.length);
  const panels = placeFloats(room, panelsOf(plan, anchors[0]));
  const evaluations = new Map(sets.map((set) => [set, makeEvaluation(ground, [panels], set)]));
  return {
    start(point) {
      floatsIn(room, coefficients, anchors.length).set(point);
      descent.start((to) => kernels.combine(to, 4 * size, anchors.length, from, coefficients, 0));
    },
    step: descent.step,
    get steps() {
      return descent.steps;
    },
    weights: () => weightsOf(room, descent, size),
    figures(set) {
      const moved = panelsOf(plan, weightsOf(room, descent, size));
      floatsIn(room, panels, moved.length).set(moved);
      return evaluations.get(set)!.evaluate([[1]], false)[0]!;
    },
  };
}

/** Figures and labels of points that are sums of some anchors, on some images. */
interface Evaluation {
  /** `kept` where neither the anchors nor the images have changed since the last time. */
  evaluate(points: readonly (readonly number[])[], kept: boolean): Figures[];
  labels(points: readonly (readonly number[])[], kept: boolean): Uint8Array[];
}

function makeEvaluation(
  { room, kernels, plan, numbers }: Ground,
  anchors: readonly number[],
  set: PlacedImages,
): Evaluation {
  const count = anchors.length;
  const addresses = placeWhole(room, anchors);
  const size = { anchors: count, points: MOST_POINTS, samples: Math.min(CHUNK, set.samples) };
  const chunks = Array.from({ length: Math.ceil(set.samples / CHUNK) }, (_, k) => ({
    from: k * CHUNK,
    to: Math.min((k + 1) * CHUNK, set.samples),
    scratch: room.reserve(scratchBytes(numbers, size)),
    isMade: false,
  }));
  const coefficients = room.reserve(4 * count * MOST_POINTS);
  const totals = room.reserve(16 * MOST_POINTS);
  const winners = room.reserve(MOST_POINTS * set.samples);

  /** Goes over all samples for at most `MOST_POINTS` points; `after` each chunk its totals are there. */
  function go(
    points: readonly (readonly number[])[],
    kept: boolean,
    winners: number,
    after: () => void,
  ) {
    floatsIn(room, coefficients, count * points.length).set(points.flat());
    for (const chunk of chunks) {
      doublesIn(room, totals, 2 * points.length).fill(0);
      const where = [set.address, chunk.from, chunk.to, addresses, count] as const;
      const what = [coefficients, points.length, MOST_POINTS, chunk.scratch] as const;
      const isMade = Number(kept && chunk.isMade);
      kernels.evaluateSamples(plan, ...where, ...what, totals, winners, isMade);
      chunk.isMade = true;
      after();
    }
  }

  return {
    evaluate: (points, kept) =>
      inGroups(points, (group) => {
        const sums = new Float64Array(2 * group.length);
        go(group, kept, 0, () => {
          const part = doublesIn(room, totals, sums.length);
          for (let i = 0; i < sums.length; i++) sums[i]! += part[i]!;
        });
        return group.map((_, i): Figures => {
          const [loss, correct] = [sums[2 * i]!, sums[2 * i + 1]!];
          return { loss: loss / set.samples, accuracy: correct / set.samples };
        });
      }),
    labels: (points, kept) =>
      inGroups(points, (group) => {
        go(group, kept, winners, () => undefined);
        return group.map((_, i) => bytesIn(room, winners + i * set.samples, set.samples).slice());
      }),
  };
}

function inGroups<P, R>(points: readonly P[], work: (group: readonly P[]) => R[]): R[] {
  const groups = Math.ceil(points.length / MOST_POINTS);
  return Array.from({ length: groups }, (_, k) =>
    work(points.slice(k * MOST_POINTS, (k + 1) * MOST_POINTS)),
  ).flat();
}

function firstOf({ pixels, labels }: Images, perImage: number, most: number): Images {
  return { pixels: pixels.subarray(0, perImage * most), labels: labels.subarray(0, most) };
}
