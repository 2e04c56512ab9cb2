import * as tf from '@tensorflow/tfjs';
import { dataLoader, makeDataset } from '../../lib/data';
import type { Engine } from '../../lib/engine';
import { crossEntropy, initialize, type Layer, type Network, sequential } from '../../lib/nn';
import { applyLayer } from '../../lib/nn/apply';
import { kindOf } from '../../lib/nn/kinds';
import { SGD } from '../../lib/optim';
import { generator } from '../../lib/random';
import { sizeOf } from '../../lib/shape';
import { clone, disposeStateDict, isBuffer, type StateDict } from '../../lib/weights';

export const INPUT = [2, 4, 6];
export const COUNT = 40;
export const CLASSES = 3;
/** So large that w − rate·g leaves most digits of g. */
export const RATE = 16;
/** Small beside the weights, large beside what float32 leaves of a loss. */
const STEP = 1e-3;
export const toVector: Layer = { kind: 'reshape', shape: [48] };
export const toEight: Layer = { kind: 'dense', inputs: 48, outputs: 8 };
export const eight: Layer = { kind: 'dense', inputs: 8, outputs: 8 };

/** Weights as different from those before training as training makes them. */
export function weightsOf(network: Network, seed: number): StateDict {
  const random = generator(seed);
  const weights = initialize(network, seed);
  const draw: Record<string, () => number> = {
    running_mean: () => 0.5 * random.uniform(),
    running_var: () => 0.2 + random.uniform(),
  };
  for (const [name, { dtype, shape, size }] of Object.entries(weights)) {
    if (dtype !== 'float32') continue;
    const one = draw[name.split('.').at(-1)!] ?? (() => 1.4 * random.uniform() - 0.7);
    weights[name]!.dispose();
    weights[name] = tf.tensor(Float32Array.from({ length: size }, one), shape);
  }
  return weights;
}

export const random = generator(5);
export const dataset = makeDataset({
  name: 'kinds',
  images: Uint8Array.from({ length: COUNT * sizeOf(INPUT) }, () => random.integer(256)),
  labels: Uint8Array.from({ length: COUNT }, () => random.integer(CLASSES)),
  imageShape: [2, 4, 6],
  classes: CLASSES,
});

/** The loss in training of all samples as one batch, and its gradient. */
export async function learn(engine: Engine, network: Network, weights: StateDict, rate: number) {
  const point = { weights: clone(weights) };
  // Of the first pass, so that dropout drops the same numbers each time.
  const loader = dataLoader(dataset, { batchSize: COUNT });
  const optimizer = SGD({ learningRate: rate });
  const task = { network, point, loader, optimizer, lossFunction: crossEntropy };
  const { loss } = await engine.descend(task);
  const gradient: Record<string, number[]> = {};
  for (const [name, tensor] of Object.entries(weights)) {
    if (isBuffer(name)) continue;
    const [from, to] = [tensor.dataSync(), point.weights[name]!.dataSync()];
    gradient[name] = Array.from(from, (w, i) => (w - to[i]!) / rate);
  }
  disposeStateDict(point.weights);
  return { loss, gradient };
}

export async function losses(engine: Engine, network: Network, anchors: readonly StateDict[]) {
  const evaluator = engine.evaluator(network, anchors, dataset);
  const figures = await evaluator.evaluate([
    [1, 0],
    [0, 1],
    [0.3, 0.7],
    [-0.2, 1.2],
  ]);
  evaluator.dispose();
  return figures.map(({ loss }) => loss);
}

/** Along the gradient itself, and two directions at random. */
export function directionsBeside(gradient: readonly number[]): number[][] {
  const random = generator(9);
  const size = Math.sqrt(dot(gradient, gradient));
  const drawn = () => gradient.map(() => 2 * random.uniform() - 1);
  return [gradient.map((g) => g / (size || 1)), drawn(), drawn()];
}

/** (L(w + h·d) − L(w − h·d))/2h for a direction d of one tensor. */
export async function slopeAlong(
  engine: Engine,
  network: Network,
  weights: StateDict,
  name: string,
  direction: readonly number[],
): Promise<number> {
  const h = STEP / Math.max(...direction.map(Math.abs));
  const { shape } = weights[name]!;
  const from = weights[name]!.dataSync();
  const at = async (step: number) => {
    const there = tf.tensor(
      Float32Array.from(from, (w, i) => w + step * direction[i]!),
      shape,
    );
    const { loss } = await learn(engine, network, { ...weights, [name]: there }, 0);
    there.dispose();
    return loss;
  };
  return ((await at(h)) - (await at(-h))) / (2 * h);
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Images, and what the layers up to `at` make of them in evaluation. */
export function reaching(network: Network, weights: StateDict, at: number): tf.Tensor {
  const images = Float32Array.from(dataset.images, (byte) => byte / 255);
  return network.layers
    .slice(0, at)
    .reduce<tf.Tensor>(
      (x, layer, i) => applyLayer(layer, tensorsOf(network, weights, i), x),
      tf.tensor(images, [COUNT, ...INPUT]),
    );
}

export function tensorsOf({ layers }: Network, weights: StateDict, i: number): StateDict {
  const names = Object.keys(kindOf(layers[i]!).tensors(layers[i]!));
  return Object.fromEntries(names.map((name) => [name, weights[`layers.${i}.${name}`]!]));
}

/** Whether a layer gives other numbers than it gets, in the same shape. */
export function changesNumbers(network: Network, weights: StateDict, at: number): boolean {
  return tf.tidy(() => {
    const x = reaching(network, weights, at);
    const y = applyLayer(network.layers[at]!, tensorsOf(network, weights, at), x);
    return y.shape.join() === x.shape.join() && y.sub(x).abs().max().dataSync()[0]! > 1e-3;
  });
}

/** The network and its weights with a layer in the place of another that changes nothing. */
export function without(network: Network, anchors: readonly StateDict[], at: number) {
  const shape = tf.tidy(() => reaching(network, anchors[0]!, at).shape.slice(1));
  const layers = network.layers.map((l, i): Layer => (i === at ? { kind: 'reshape', shape } : l));
  const own = (weights: StateDict) =>
    Object.entries(weights).filter(([name]) => !name.startsWith(`layers.${at}.`));
  return [
    sequential(INPUT, layers),
    anchors.map((weights) => Object.fromEntries(own(weights))),
  ] as const;
}
