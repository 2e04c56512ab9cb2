import * as tf from '@tensorflow/tfjs';
import type { Convolution, Layer, Network } from '../../../nn';
import type { Shape } from '../../../nn/kind';
import { kindOf } from '../../../nn/kinds';
import { sizeOf } from '../../../shape';

/** What lies between two operations: an image, or a vector as an image of one pixel. */
export interface Value {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What an operation does; assembly/images has a kernel for each. */
export type Work =
  | Load
  | Convolve
  | { readonly kind: 'measure' | 'normalise' | 'relu' }
  | { readonly kind: 'maxPool' | 'averagePool'; readonly size: number }
  | { readonly kind: 'dropout'; readonly rate: number }
  | { readonly kind: 'move'; readonly pairs: readonly (readonly [from: number, to: number])[] };

/** The first: of each pixel all places that it goes to, which for a convolution are patches. */
export interface Load {
  readonly kind: 'load';
  readonly places: readonly (readonly number[])[];
}

/** A dense layer is a convolution of one pixel. */
export interface Convolve {
  readonly kind: 'convolve';
  /** The side of the kernel, 1 on patches, and what it sees before and behind the image. */
  readonly size: number;
  readonly before: number;
  readonly behind: number;
  /** The shape of the layer's own weights: [outputs, inputs, side, side]. */
  readonly outputs: number;
  readonly inputs: number;
  readonly side: number;
}

/** A layer's work on the value `from`, which gives the value `to`. */
export interface Operation {
  readonly work: Work;
  /** `layers.3`: what its tensors' names begin with. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A network as operations in order, from the pixels to the logits. */
export interface Description {
  readonly values: readonly Value[];
  readonly operations: readonly Operation[];
}

/** Undefined where there is no kernel for one of the layers, or no layer has weights. */
export function describe(network: Network): Description | undefined {
  const { layers, inputShape } = network;
  if (!layers.every((layer) => isArrangement(layer) || worksOf(layer).length > 0)) return undefined;
  const values: Value[] = [];
  const operations: Operation[] = [];
  let shape: Shape = inputShape;
  /** Where the numbers come from that layers have only put into another order. */
  let sources: ArrayLike<number> | undefined = inOrder(shape);

  function add(name: string, work: Work, value: Value): void {
    const to = values.push(value) - 1;
    operations.push({ work, name, from: Math.max(0, to - 1), to });
  }
  /** Such numbers as a value of their own; patches of the pixels where a convolution is first. */
  function arrange(name: string, next?: Work): void {
    if (sources === undefined) return;
    const value = imageOf(shape);
    if (operations.length > 0) add(name, move(sources), value);
    else if (next?.kind !== 'convolve') add(name, load(sources, inputShape), value);
    else add(name, ...patches(sources, inputShape, value, next));
    sources = undefined;
  }

  for (const [i, layer] of layers.entries()) {
    const name = `layers.${i}`;
    const next = kindOf(layer).outputShape(layer, shape);
    if (isArrangement(layer)) sources = rearranged(layer, shape, sources ?? inOrder(shape));
    for (const work of worksOf(layer)) {
      const onPatches = operations.length === 0 && work.kind === 'convolve';
      arrange(name, work);
      const last = values.length - 1;
      if (work.kind === 'relu') operations.push({ work, name, from: last, to: last });
      else if (work.kind === 'measure') operations.push({ work, name, from: last, to: last + 1 });
      else add(name, onPatches ? { ...work, size: 1, before: 0, behind: 0 } : work, imageOf(next));
    }
    shape = next;
  }
  arrange('logits');
  const hasWeights = operations.some(({ work }) => work.kind === 'convolve');
  return hasWeights ? { values, operations } : undefined;
}

/** Each number's source: 1 + its position; 0 is a zero. */
const inOrder = (shape: Shape): ArrayLike<number> =>
  Float32Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);

/** The sources of what a layer makes of numbers with such sources. */
function rearranged(layer: Layer, shape: Shape, sources: ArrayLike<number>): ArrayLike<number> {
  return tf.tidy(() => {
    const x = tf.tensor(Float32Array.from(sources), [1, ...shape]);
    return kindOf(layer).apply(layer, {}, x).dataSync();
  });
}

const isArrangement = ({ kind }: Layer) =>
  ['reshape', 'channelsLast', 'flatten', 'zeroPad2d'].includes(kind);

/** Zeros that a kernel of that side sees before and behind a row. */
function zerosAround(padding: Convolution['padding'], side: number): [number, number] {
  if (padding === 'same') return [(side - 1) >> 1, side >> 1];
  return padding === 'valid' ? [0, 0] : [padding, padding];
}

/** What a layer does, one or two operations; none if it is of a kind without a kernel. */
function worksOf(layer: Layer): Work[] {
  switch (layer.kind) {
    case 'conv2d': {
      const { inputs, outputs, kernelSize: side, padding, stride = 1, bias = true } = layer;
      const [before, behind] = zerosAround(padding, side);
      // With more zeros the gradient would be asked for beyond the image.
      if (stride !== 1 || !bias || before >= side) return [];
      return [{ kind: 'convolve', size: side, before, behind, outputs, inputs, side }];
    }
    case 'dense': {
      const { inputs, outputs } = layer;
      return [{ kind: 'convolve', size: 1, before: 0, behind: 0, outputs, inputs, side: 1 }];
    }
    case 'batchNorm2d':
      return [{ kind: 'measure' }, { kind: 'normalise' }];
    case 'relu':
      return [{ kind: 'relu' }];
    case 'maxPool2d':
      return [{ kind: 'maxPool', size: layer.size }];
    case 'averagePool2d':
      return [{ kind: 'averagePool', size: layer.size }];
    case 'dropout':
      return [{ kind: 'dropout', rate: layer.rate }];
    default:
      return [];
  }
}

function imageOf(shape: Shape): Value {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, sizeOf(shape)];
  return { height: height!, width: width!, channels: channels! };
}

function load(sources: ArrayLike<number>, inputShape: Shape): Load {
  const places: number[][] = Array.from({ length: sizeOf(inputShape) }, () => []);
  for (let i = 0; i < sources.length; i++) if (sources[i] !== 0) places[sources[i]! - 1]!.push(i);
  return { kind: 'load', places };
}

function move(sources: ArrayLike<number>): Work {
  const all = Array.from(sources, (source, to) => [source - 1, to] as const);
  return { kind: 'move', pairs: all.filter(([from]) => from >= 0) };
}

/** The images as a convolution reads them: at each of its outputs the pixels under its kernel. */
function patches(
  sources: ArrayLike<number>,
  inputShape: Shape,
  { height, width, channels }: Value,
  { side, before, behind }: Convolve,
): [Load, Value] {
  const lost = side - 1 - before - behind;
  const value = {
    height: height - lost,
    width: width - lost,
    channels: side * side * channels,
  };
  const positions: number[] = [];
  for (let y = 0; y < value.height; y++) {
    for (let x = 0; x < value.width; x++) {
      for (let tap = 0; tap < side * side; tap++) {
        const [row, column] = [y - before + Math.floor(tap / side), x - before + (tap % side)];
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        const at = (row * width + column) * channels;
        for (let c = 0; c < channels; c++) positions.push(inside ? sources[at + c]! : 0);
      }
    }
  }
  return [load(positions, inputShape), value];
}
