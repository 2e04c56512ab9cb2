import * as tf from '@tensorflow/tfjs';
import type { DataLoader, Dataset } from '../data';
import { pixelsOf, requireArrays } from '../data/dataset';
import { isLoader, isPlain } from '../data/loader';
import { InputError } from '../errors';
import { type Network, requireWeightsOf, sequential } from '../nn';
import { requireStepAt } from '../optim/optimizer';
import { isBuffer, type StateDict } from '../weights';
import type { Curvature } from './curvature';
import type { Descent, Engine, Evaluator } from './engine';

const guards = new WeakSet<Engine>();

/**
 * The engine behind the one door of all engines: all verbs first check what they are given, as
 * `Engine` says. That costs a look at each label an epoch or evaluator, nothing a step. An engine
 * that stands behind the door already comes back as it is.
 */
export function guarded(engine: Engine): Engine {
  if (guards.has(engine)) return engine;
  const guard: Engine = {
    name: engine.name,
    async descend(descent) {
      requireDescent(descent);
      return await engine.descend(descent);
    },
    evaluator(network, anchors, samples, options) {
      if (anchors.length === 0) {
        throw new InputError('evaluator: expected at least one anchor, got none');
      }
      requireWeights(network, anchors);
      requireSamples(network, samples);
      const evaluator = engine.evaluator(network, [...anchors], samples, options);
      return guardedEvaluator(evaluator, anchors.length);
    },
    async statistics(network, weights, dataset, options) {
      requireWeights(network, [weights]);
      requireDataset(network, dataset);
      return await engine.statistics(network, weights, dataset, options);
    },
    async curvature(network, weights, dataset) {
      requireWeights(network, [weights]);
      requireDataset(network, dataset);
      return guardedCurvature(await engine.curvature(network, weights, dataset));
    },
  };
  guards.add(guard);
  return guard;
}

/** Frees what it holds only when no evaluation runs, and evaluates nothing after that. */
function guardedEvaluator(evaluator: Evaluator, count: number): Evaluator {
  let [running, disposed] = [0, false];
  const checked =
    <T>(where: string, verb: (...task: Parameters<Evaluator['evaluate']>) => Promise<T>) =>
    async (...[points, options]: Parameters<Evaluator['evaluate']>): Promise<T> => {
      if (disposed) throw new InputError(`${where}: the evaluator is disposed; make another`);
      requireCoefficients(where, points, count);
      running++;
      try {
        return await verb(points, options);
      } finally {
        running--;
        if (disposed && running === 0) evaluator.dispose();
      }
    };
  return {
    evaluate: checked('evaluate', (...task) => evaluator.evaluate(...task)),
    labels: checked('labels', (...task) => evaluator.labels(...task)),
    dispose() {
      if (disposed) return;
      disposed = true;
      if (running === 0) evaluator.dispose();
    },
  };
}

/** Frees what it holds once, and makes no product of what is freed. */
function guardedCurvature(curvature: Curvature): Curvature {
  let disposed = false;
  const checked =
    (product: Curvature['hessian']) => async (v: Float64Array, signal?: AbortSignal) => {
      if (disposed) throw new InputError('curvature: it is disposed; make another by curvatureAt');
      return await product(v, signal);
    };
  return {
    ...curvature,
    hessian: checked(curvature.hessian),
    gaussNewton: checked(curvature.gaussNewton),
    dispose() {
      if (disposed) return;
      disposed = true;
      curvature.dispose();
    },
  };
}

function requireDescent({ network, point, family, loader, optimizer }: Descent): void {
  requireWeights(network, [point.weights, ...(family?.fixed ?? [])]);
  requireSamples(network, loader);
  if (!isLoader(loader)) {
    throw new InputError(
      'descend: expected a loader, got a dataset; dataLoader(dataset, { batchSize }) makes one',
    );
  }
  requireStepAt(optimizer, point.weights);
  if (family === undefined) return;
  const { coefficients, fixed } = family;
  requireCoefficients('descend', coefficients, fixed.length + 1);
  if (coefficients.length < loader.length) {
    throw new InputError(
      `descend: expected coefficients for each of ${loader.length} batches, got ` +
        `${coefficients.length}`,
    );
  }
}

/** @throws InputError unless the network can be carried out and the tensors are its weights */
function requireWeights(network: Network, stateDicts: readonly StateDict[]): void {
  const { outputSize } = sequential(network.inputShape, network.layers);
  if (outputSize !== network.outputSize) {
    throw new InputError(
      `the network has an outputSize of ${network.outputSize}, but its layers give ${outputSize}; ` +
        'make it by ClassifierFC or sequential',
    );
  }
  for (const weights of stateDicts) {
    for (const [name, tensor] of Object.entries(weights)) {
      const wrong = !(tensor instanceof tf.Tensor)
        ? 'no tensor'
        : tensor.isDisposed
          ? 'one that is disposed'
          : tensor.dtype !== 'float32' && !isBuffer(name)
            ? tensor.dtype
            : undefined;
      if (wrong === undefined) continue;
      throw new InputError(
        `the weights do not fit the network at '${name}': expected a float32 tensor, got ${wrong}`,
      );
    }
    requireWeightsOf(network, weights);
  }
}

/** What a loader of one's own gives is checked batch by batch, where it is used. */
function requireSamples(network: Network, samples: Dataset | DataLoader): void {
  if (typeof samples !== 'object' || samples === null) {
    throw new InputError(
      `expected a dataset or a loader, got ${samples}; a path or plane takes { train: dataset }`,
    );
  }
  if (!isLoader(samples)) requireDataset(network, samples);
  else if (isPlain(samples)) requireDataset(network, samples.dataset);
}

/** @throws InputError unless there are images and labels, such as the network takes and tells apart */
export function requireDataset({ inputShape, outputSize }: Network, dataset: Dataset): void {
  requireArrays(dataset);
  const { name, images, labels, imageShape, length } = dataset;
  if (length === 0) {
    throw new InputError(
      `dataset ${name} has no sample, so there is no batch and no mean; give it some`,
    );
  }
  const refuse = (what: string, expected: string, got: string) =>
    new InputError(`${what} of dataset ${name} do not fit: expected ${expected}, got ${got}`);
  const brackets = (shape: readonly number[]) => `[${shape.join(', ')}]`;
  if (imageShape.join() !== inputShape.join()) {
    throw refuse(
      'images',
      `the network's inputShape ${brackets(inputShape)}`,
      `${brackets(imageShape)}; make the network for these images`,
    );
  }
  const numbers = images.BYTES_PER_ELEMENT === 1 ? 'bytes' : 'floats';
  if (images.length < length * pixelsOf(dataset) || labels.length < length) {
    throw refuse(
      'images and labels',
      `${length} images of ${pixelsOf(dataset)} ${numbers} and as many labels`,
      `${images.length} ${numbers} and ${labels.length} labels; make it by makeDataset`,
    );
  }
  for (let i = 0; i < length; i++) {
    if (labels[i]! >= 0 && labels[i]! < outputSize) continue;
    throw refuse(
      'labels',
      `classes below ${outputSize}, the network's outputs`,
      `${labels[i]} at position ${i}; make the network for these classes`,
    );
  }
}

function requireCoefficients(
  where: string,
  points: readonly (readonly number[])[],
  count: number,
): void {
  for (const point of points) {
    if (point.length !== count) {
      throw new InputError(
        `${where}: expected ${count} coefficients a point, one for each state dict, got ` +
          `${point.length}`,
      );
    }
    const wrong = point.findIndex((c) => !Number.isFinite(c));
    if (wrong >= 0) {
      throw new InputError(`${where}: coefficients must be finite, got ${point[wrong]}`);
    }
  }
}
