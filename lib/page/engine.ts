import { type Descent, makeDescent, type StepKernels, weightsOf } from './descent';
import { type Images, type PlacedImages, placedCopy, placeImages } from './images';
import {
  bytesIn,
  doublesIn,
  floatsIn,
  makeRoom,
  placeFloats,
  placeWhole,
  type Room,
} from './memory';
import type { Weights3 } from './plane';

/**
 * The lab's WebAssembly kernels on one thread, as a page has them: w₁, θ and w₂ are the anchors of
 * all that is evaluated, so the first layer's products with the images are made once an anchor, and
 * not once a point.
 */
export interface PageEngine {
  /** Mean loss (nats) and accuracy at each point, on some images; in Node the same figures to the bit. */
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

/** What a page has of the run: see payload.ts. */
export interface EngineData {
  /** The network in numbers, as assembly/plan.ts reads it. */
  readonly plan: readonly number[];
  readonly scratchFloats: number;
  /** The weights of w₁, θ and w₂ in the kernels' layout. */
  readonly anchors: readonly [Float32Array, Float32Array, Float32Array];
  readonly train: Images;
  readonly test: Images;
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
const TILE = 16;

export function openEngine(compiled: WebAssembly.Module, data: EngineData): PageEngine {
  const room = makeRoom();
  const abort = () => {
    throw new Error('a kernel gave up');
  };
  const instance = new WebAssembly.Instance(compiled, { env: { memory: room.memory, abort } });
  const kernels = instance.exports as unknown as Kernels;
  const plan = placeWhole(room, data.plan);
  const size = data.anchors[0].length;
  const anchors = placeWhole(
    room,
    data.anchors.map((anchor) => placeFloats(room, anchor)),
  );
  const pixels = data.plan[2]!;
  const all = placedCopy(room, data.train);
  const train = placedCopy(room, firstOf(data.train, pixels, MOST_EVALUATED));
  const test = placedCopy(room, data.test);
  const own = placeImages(room, pixels, 1, pixels);
  const most = Math.max(train.samples, test.samples);
  const run = makeRun({ room, kernels, plan, numbers: data.plan }, most);
  const family = { at: anchors, count: data.anchors.length };
  const { scratchFloats } = data;
  const descent = makeDescent({ room, kernels, plan, size, scratchFloats }, all);
  return {
    sets: { train, test },
    evaluate: (set, points) => run.evaluate(family, set, points),
    labels: (set, points) => run.labels(family, set, points),
    labelsOf(image, points) {
      own.replace({ pixels: image, labels: Uint8Array.of(0) });
      return run.labels(family, own, points).map(([label]) => label!);
    },
    descent: descentOn(room, kernels, descent, family, size, run),
  };
}

/** Points are sums of so many anchors, whose addresses are at `at`. */
interface Family {
  readonly at: number;
  readonly count: number;
}

type Run = ReturnType<typeof makeRun>;

function descentOn(
  room: Room,
  kernels: Kernels,
  descent: Descent,
  { at, count }: Family,
  size: number,
  run: Run,
): PageEngine['descent'] {
  const coefficients = room.reserve(4 * count);
  const alone = { at: placeWhole(room, [descent.weights]), count: 1 };
  return {
    start(from) {
      floatsIn(room, coefficients, count).set(from);
      descent.start((to) => kernels.combine(to, 4 * size, count, at, coefficients, 0));
    },
    step: descent.step,
    get steps() {
      return descent.steps;
    },
    weights: () => weightsOf(room, descent, size),
    figures: (set) => run.evaluate(alone, set, [[1]])[0]!,
  };
}

interface Ground {
  readonly room: Room;
  readonly kernels: Kernels;
  readonly plan: number;
  readonly numbers: readonly number[];
}

/** Evaluations of at most so many samples, in memory that is reserved once. */
function makeRun({ room, kernels, plan, numbers }: Ground, mostSamples: number) {
  // The padded widths of the layers from the first hidden one on.
  const layers = numbers.slice(4).filter((_, i) => i % 2 === 1);
  const matrices = layers.slice(1).reduce((sum, p, i) => sum + (layers[i]! + 1) * p, 0);
  const tile = 4 * TILE;
  const tiles = Math.ceil(CHUNK / TILE);
  const mostAnchors = 3;
  const scratch = room.reserve(
    mostAnchors * tiles * layers[0]! * tile +
      MOST_POINTS * 4 * matrices +
      3 * Math.max(...layers) * tile,
  );
  const coefficients = room.reserve(4 * mostAnchors * MOST_POINTS);
  const totals = room.reserve(16 * MOST_POINTS);
  const winners = room.reserve(MOST_POINTS * mostSamples);

  /** Goes over all samples for at most `MOST_POINTS` points; `after` each chunk its totals are there. */
  function go(
    family: Family,
    set: PlacedImages,
    points: readonly (readonly number[])[],
    to: number,
    after: () => void,
  ) {
    floatsIn(room, coefficients, family.count * points.length).set(points.flat());
    for (let from = 0; from < set.samples; from += CHUNK) {
      doublesIn(room, totals, 2 * points.length).fill(0);
      const until = Math.min(from + CHUNK, set.samples);
      const where = [set.address, from, until, family.at, family.count] as const;
      const what = [coefficients, points.length, points.length] as const;
      kernels.evaluateSamples(plan, ...where, ...what, scratch, totals, to);
      after();
    }
  }

  function evaluate(family: Family, set: PlacedImages, points: readonly (readonly number[])[]) {
    return inGroups(points, (group) => {
      const sums = new Float64Array(2 * group.length);
      go(family, set, group, 0, () => {
        const part = doublesIn(room, totals, sums.length);
        for (let i = 0; i < sums.length; i++) sums[i]! += part[i]!;
      });
      return group.map((_, i): Figures => {
        const [loss, correct] = [sums[2 * i]!, sums[2 * i + 1]!];
        return { loss: loss / set.samples, accuracy: correct / set.samples };
      });
    });
  }

  function labels(family: Family, set: PlacedImages, points: readonly (readonly number[])[]) {
    return inGroups(points, (group) => {
      go(family, set, group, winners, () => undefined);
      return group.map((_, i) => bytesIn(room, winners + i * set.samples, set.samples).slice());
    });
  }

  return { evaluate, labels };
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
