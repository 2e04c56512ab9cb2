import { readFileSync } from 'node:fs';
import { type Dataset, subset } from '../data';
import { arena, floats } from '../engine/native/memory';
import { inFirstPanels, isTame, pack, planOf, stepScratch } from '../engine/native/plan';
import { isSparse } from '../engine/native/sparse';
import { requireFresh } from '../engine/native/stamp';
import { InputError } from '../errors';
import type { Network } from '../nn';
import type { Datasets } from '../paths';
import { onOneLine } from '../plane/basis';
import { builtFile } from '../root';
import { requireSameStructure, type StateDict } from '../weights';
import { BATCH } from './descent';
import type { Contents, Header, Images } from './payload';

/** Three points of weight space: two minima, and the bend of the chain between them. */
export interface ThreePoints {
  readonly w1: StateDict;
  readonly w2: StateDict;
  readonly theta: StateDict;
}

/** Images that a page takes along at the most. */
export const MOST_TEST = 1000;
/** What is said where w₁, w₂ and θ span no plane. */
export const NO_PLANE =
  'θ lies on the line through w₁ and w₂, so there is no plane to touch yet; find the bend first';
/** By which seed they are chosen. */
export const SUBSET_SEED = 1;

/**
 * What a page is made of.
 *
 * @throws InputError when the native engine has no kernels for the network or the images, or the
 *   points lie on one line
 */
export function contentsOf(
  network: Network,
  { w1, w2, theta }: ThreePoints,
  { train, test }: Datasets,
  mostTrain: number,
): { readonly header: Header; readonly contents: Contents } {
  const known = planOf(network);
  const points = [w1, theta, w2];
  const [channels, height, width] = train.imageShape;
  const isKnown = known !== undefined && isSparse(train) && isSparse(test) && channels === 1;
  if (!isKnown || !points.every(isTame)) {
    throw new InputError(
      'landscape: expected a fully connected network with finite weights, and grey images of bytes ' +
        'that are not normalised, got others; the page has kernels for those alone',
    );
  }
  for (const point of points) requireSameStructure('landscape', w1, point);
  if (onOneLine(w1, w2, theta)) throw new InputError(`landscape: ${NO_PLANE}`);
  const plan = inFirstPanels(known);
  const own = arena();
  const packed = (point: StateDict) => {
    const address = own.reserve(4 * plan.size);
    pack(plan, point, address);
    return floats(address, plan.size).slice();
  };
  const anchors = [packed(w1), packed(theta), packed(w2)] as const;
  own.release();
  const kernels = builtFile('engine/native/kernels.wasm');
  requireFresh(kernels);
  const contents = {
    plan: plan.numbers,
    stepBytes: stepScratch(plan, BATCH),
    anchors,
    train: someOf(train, mostTrain),
    test: someOf(test, MOST_TEST),
    kernels: readFileSync(kernels),
  };
  const header = {
    plan: contents.plan,
    stepBytes: contents.stepBytes,
    size: plan.size,
    trainSamples: contents.train.labels.length,
    testSamples: contents.test.labels.length,
    shape: [height, width],
    classes: train.classes,
    name: train.name.replace(/ train\b.*/, ''),
  } as const;
  return { header, contents };
}

function someOf(dataset: Dataset, most: number): Images {
  const { images, labels } = subset(dataset, Math.min(most, dataset.length), SUBSET_SEED);
  return { pixels: Uint8Array.from(images), labels: Uint8Array.from(labels) };
}
