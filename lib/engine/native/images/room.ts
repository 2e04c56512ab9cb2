import type { Mask } from '../jobs';
import { type Arena, floats, numbersIn } from '../memory';
import type { Operation } from './description';
import type { ImagePlan, Room } from './plan';

/** Images that are worked at together. */
const BLOCK = 4;
const FLOAT = 4;
/** Rows of channels that BatchNorm keeps of a batch, and of each image. */
const ROWS_OF_BATCH = 5;
const ROWS_OF_IMAGE = 2;

/** The operations' numbers in assembly/images/layout.ts. */
const NUMBERS: Readonly<Record<Operation['work']['kind'], number>> = {
  load: 0,
  convolve: 1,
  measure: 2,
  normalise: 3,
  relu: 4,
  maxPool: 5,
  averagePool: 6,
  dropout: 7,
  move: 8,
};

/** A plan in memory, for batches of so many images. */
export interface PlacedPlan {
  /** What the kernels are handed. */
  readonly address: number;
  /** The same without what comes behind the last statistics. */
  readonly upToStatistics: number;
  /** Bytes of the room that a pass needs, all 0 at first. */
  readonly bytes: number;
  readonly masks: readonly Mask[];
}

export function placePlan(own: Arena, plan: ImagePlan, batchSize: number): PlacedPlan {
  const { operations, values, layers } = plan;
  const images = Math.ceil(batchSize / BLOCK) * BLOCK;
  let bytes = 0;
  const reserve = (floats: number) => {
    const at = bytes;
    bytes += floats * FLOAT;
    return at;
  };
  const addresses = values.map((value) => {
    const { height, width, padded, border } = value;
    const floats = images * imageFloats(value);
    const numbers = [height, width, padded, border, reserve(floats), reserve(floats)];
    return numbersIn(own, numbers);
  });
  const tables = tablesIn(own);
  const masks: Mask[] = [];
  let kept = 0;
  const numbers = operations.flatMap((operation, k) => {
    const { work, from, to } = operation;
    const [input, output] = [values[from]!, values[to]!];
    // What BatchNorm's first operation keeps is its second's as well.
    if (work.kind !== 'normalise') kept = reserve(keptFloats(operation, input, output, images));
    if (work.kind === 'dropout') masks.push({ ...output, at: kept, rate: work.rate });
    const size = 'size' in work ? work.size : work.kind === 'move' ? work.pairs.length : 0;
    const before = work.kind === 'convolve' ? work.before : 0;
    const weights = [plan.weights[k]! * FLOAT, plan.running[k]! * FLOAT, kept];
    const places = [addresses[from]!, addresses[to]!, size, before];
    return [NUMBERS[work.kind], ...places, ...weights, ...tables(operation, input, output)];
  });
  const at = numbersIn(own, numbers);
  const networkOf = (count: number) => numbersIn(own, [at, count, layers[0].outputs]);
  const statistics = operations.findLastIndex(({ work }) => work.kind === 'measure') + 1;
  return {
    address: networkOf(operations.length),
    upToStatistics: networkOf(statistics),
    bytes,
    masks,
  };
}

/** A room of zeros. */
export function roomIn(own: Arena, bytes: number): number {
  const address = own.reserve(bytes);
  floats(address, bytes / FLOAT).fill(0);
  return address;
}

const imageFloats = ({ height, width, padded, border }: Room) =>
  (height + 2 * border) * (width + 2 * border) * padded;

function keptFloats({ work }: Operation, input: Room, output: Room, images: number): number {
  switch (work.kind) {
    case 'convolve':
      return work.size ** 2 * input.padded * output.padded;
    case 'measure':
      return (ROWS_OF_BATCH + ROWS_OF_IMAGE * images) * input.padded;
    case 'dropout':
      return images * imageFloats(output);
    default:
      return 0;
  }
}

/** The four tables of an operation; those of pixels that several need are there once. */
function tablesIn(own: Arena) {
  const known = new Map<string, number>();
  const pixels = (grid: Room, room: Room): number => {
    const key = [grid.height, grid.width, ...Object.values(room)].join();
    const address = known.get(key) ?? numbersIn(own, pixelPositions(grid, room));
    known.set(key, address);
    return address;
  };
  return ({ work }: Operation, input: Room, output: Room): number[] => {
    if (work.kind === 'convolve') {
      const forward = [pixels(output, input), pixels(output, output)];
      return [...forward, pixels(input, output), pixels(input, input)];
    }
    if (work.kind === 'load') {
      const begins = [0];
      for (const { length } of work.places) begins.push(begins.at(-1)! + length);
      const positions = work.places.flat().map((i) => positionOf(i, output));
      return [numbersIn(own, begins), numbersIn(own, positions), 0, 0];
    }
    if (work.kind !== 'move') return [0, 0, 0, 0];
    const sources = work.pairs.map(([from]) => positionOf(from, input));
    const targets = work.pairs.map(([, to]) => positionOf(to, output));
    return [numbersIn(own, sources), numbersIn(own, targets), 0, 0];
  };
}

/** Where a block's pixels of a grid are in a room, in bytes from the first pixel of its first image. */
function pixelPositions({ height, width }: Room, room: Room): number[] {
  const positions: number[] = [];
  const row = (room.width + 2 * room.border) * room.padded;
  for (let image = 0; image < BLOCK; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        positions.push((image * imageFloats(room) + y * row + x * room.padded) * FLOAT);
      }
    }
  }
  return positions;
}

/** Where number i of an image is in its room, in bytes. */
function positionOf(i: number, { width, channels, padded, border }: Room): number {
  const [pixel, channel] = [Math.floor(i / channels), i % channels];
  const [y, x] = [Math.floor(pixel / width) + border, (pixel % width) + border];
  return ((y * (width + 2 * border) + x) * padded + channel) * FLOAT;
}
