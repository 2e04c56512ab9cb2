import assert from 'node:assert/strict';
import { makeDataset } from '../../../lib/data';
import { type Curvature, nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import { nativeCurvature } from '../../../lib/engine/native/curvature/curvature';
import { putFences, reservations, trampledFences } from '../../../lib/engine/native/memory';
import {
  ClassifierFC,
  countParameters,
  initialize,
  type Nonlinearity,
  sequential,
} from '../../../lib/nn';
import { generator, normal } from '../../../lib/random';
import { disposeStateDict } from '../../../lib/weights';
import { assertNear } from '../../curvature/nets';

/** float32 sums of some thousand terms of one size; the reference is float64. */
const FLOAT32 = 1e-5;

function noise(length: number, side: number, classes: number) {
  const random = generator(length);
  const bytes = { length: length * side * side };
  return makeDataset({
    name: `noise of ${length}`,
    images: Uint8Array.from(bytes, () => (random.uniform() < 0.6 ? 0 : random.integer(256))),
    labels: Uint8Array.from({ length }, () => random.integer(classes)),
    imageShape: [1, side, side],
    classes,
  });
}

const direction = (size: number, seed: number) => {
  const random = generator(seed);
  return Float64Array.from({ length: size }, () => normal(random));
};

async function close(a: Curvature, b: Curvature, size: number): Promise<void> {
  assertNear([a.loss], [b.loss], FLOAT32);
  assertNear(a.gradient, b.gradient, FLOAT32);
  for (const seed of [1, 2]) {
    const v = direction(size, seed);
    assertNear(await a.hessian(v), await b.hessian(v), FLOAT32);
    assertNear(await a.gaussNewton(v), await b.gaussNewton(v), FLOAT32);
  }
}

describe('curvature by the kernels', () => {
  before(() => useBackend());

  // Fewer samples than a tile of 64, whole tiles and blocks of 256, one more, more than one block a part.
  const cases: [Nonlinearity, number, number, number, number][] = [
    ['relu', 1, 33, 4, 1],
    ['relu', 2, 6, 10, 64],
    ['relu', 3, 17, 3, 65],
    ['relu', 1, 64, 10, 1500],
    ['tanh', 1, 5, 3, 63],
    ['tanh', 2, 33, 10, 1100],
    ['sigmoid', 1, 40, 2, 256],
    ['sigmoid', 3, 9, 5, 257],
    ['relu', 1, 20, 4, 4500],
  ];
  for (const [nonlinearity, numHidden, hiddenDim, outputSize, length] of cases) {
    it(`is the reference's: ${numHidden} × ${hiddenDim} ${nonlinearity}, ${length} samples`, async () => {
      const inputShape = [1, 7, 7];
      const options = { inputShape, outputSize, hiddenDim, numHidden, nonlinearity };
      const network = ClassifierFC(options);
      const dataset = noise(length, 7, outputSize);
      const weights = initialize(network, 3);
      const before = reservations();
      putFences(4096);
      try {
        const own = await nativeCurvature(network, weights, dataset)!();
        const reference = await tfjsEngine.curvature(network, weights, dataset);
        await close(own, reference, countParameters(network));
        own.dispose();
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(trampledFences(), []);
        // The copy of the dataset stays as long as the dataset.
        assert.ok(reservations() - before <= 6, `${reservations() - before} reservations are left`);
      } finally {
        putFences(0);
        disposeStateDict(weights);
      }
    });
  }

  it('is the reference’s without a hidden layer', async () => {
    const network = sequential(
      [1, 7, 7],
      [
        { kind: 'reshape', shape: [49] },
        { kind: 'dense', inputs: 49, outputs: 10 },
      ],
    );
    const weights = initialize(network, 1);
    const task = [network, weights, noise(700, 7, 10)] as const;
    const own = await nativeCurvature(...task)!();
    await close(own, await tfjsEngine.curvature(...task), countParameters(network));
    own.dispose();
    disposeStateDict(weights);
  });

  it('keeps its digits where the network is almost sure of each sample', async () => {
    // Logits some ten apart: p is 1 to float32, and all of the curvature is in 1 − p.
    const network = ClassifierFC({ inputShape: [1, 7, 7], outputSize: 5, hiddenDim: 12 });
    const drawn = initialize(network, 4);
    const weights = Object.fromEntries(
      Object.entries(drawn).map(([name, tensor]) => [name, tensor.mul(12)]),
    );
    const task = [network, weights, noise(300, 7, 5)] as const;
    const own = await nativeCurvature(...task)!();
    await close(own, await tfjsEngine.curvature(...task), countParameters(network));
    own.dispose();
    disposeStateDict(drawn, weights);
  });

  it('makes products side by side, of vectors of any length, and ends them before it goes', async () => {
    const network = ClassifierFC({ inputShape: [1, 7, 7], outputSize: 4, hiddenDim: 8 });
    const weights = initialize(network, 5);
    const own = await nativeEngine.curvature(network, weights, noise(900, 7, 4));
    disposeStateDict(weights);
    const v = direction(countParameters(network), 6);
    const tiny = v.map((x) => x * 1e-200);
    // One over its largest number is Infinity; float64 has 14 digits of it.
    const least = v.map((x) => x * 1e-309);
    const products = [own.hessian(v), own.hessian(tiny), own.gaussNewton(v), own.hessian(least)];
    const all = Promise.all(products);
    const nothing = await own.hessian(new Float64Array(v.length));
    assert.ok(nothing.every((x) => x === 0));
    own.dispose();
    const [first, second, third, fourth] = await all;
    assertNear(
      second!.map((x) => x * 1e200),
      first!,
      1e-14,
    );
    assert.notDeepEqual(third, first);
    assertNear(
      fourth!,
      first!.map((x) => x * 1e-309),
      FLOAT32,
    );
  });
});
