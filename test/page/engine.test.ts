import assert from 'node:assert/strict';
import { crossEntropy, initialize, performEpoch, SGD, type StateDict } from '../../lib';
import { dataLoader } from '../../lib/data';
import { contentsOf } from '../../lib/page/contents';
import { MOMENTUM, RATE, SEED } from '../../lib/page/descent';
import { openEngine } from '../../lib/page/engine';
import { joinArrays, splitArrays } from '../../lib/page/payload';
import { onChain, onSegment, planeThrough } from '../../lib/page/plane';
import { chain, evaluatePath, labelsAlong, line, linspace, type Path } from '../../lib/paths';
import { disposeBasis, orthogonalBasis, planeCoordinates, planeStateDict } from '../../lib/plane';
import { toyNetwork as network, toyDataset } from '../toy';

/**
 * The page's own code with the kernels that it takes along, on the arrays that it reads, in Node.
 * The right values are the library's: `evaluatePath`, `labelsAlong`, `performEpoch`.
 */
describe("the page's engine", () => {
  const [w1, w2, theta] = [1, 2, 3].map((seed) => initialize(network, seed)) as [
    StateDict,
    StateDict,
    StateDict,
  ];
  // More than one chunk of 512, and no multiple of a tile of 16.
  const datasets = { train: toyDataset(700, 1), test: toyDataset(601, 2) };
  const { header, contents } = contentsOf(network, { w1, w2, theta }, datasets, 700);
  const read = splitArrays(header, joinArrays(contents));
  const engine = openEngine(new WebAssembly.Module(read.kernels), read);
  const plane = planeThrough(...read.anchors);
  const ts = linspace(0, 1, 9);

  function isNear(got: number, right: number, most = 1e-6) {
    assert.ok(Math.abs(got - right) <= most * Math.abs(right), `${got} instead of ${right}`);
  }

  it('has the plane that orthogonalBasis has', () => {
    const basis = orthogonalBasis(w1, w2, theta);
    isNear(plane.lengths.u, basis.lengths.u);
    isNear(plane.lengths.v, basis.lengths.v);
    isNear(plane.theta.a, basis.theta.a);
    const place = { a: 0.3, b: -0.4 };
    const point = planeStateDict(basis, place);
    const path: Path = { anchors: [point], coefficients: () => [1] };
    disposeBasis(basis);
    return evaluatePath(network, path, [0], datasets).then(({ testLoss }) => {
      // Another order of rounding: float32's.
      isNear(
        engine.evaluate(engine.sets.test, [plane.weightsAt(place)])[0]!.loss,
        testLoss[0]!,
        1e-5,
      );
    });
  });

  it('gives the figures of evaluatePath on segment and chain, and anywhere on the plane', async () => {
    const paths = {
      segment: [line(w2, w1), ts.map(onSegment)],
      chain: [chain(w1, w2, theta), ts.map((t) => onChain(plane.theta, t))],
    } as const;
    for (const [path, places] of Object.values(paths)) {
      const right = await evaluatePath(network, path, ts, datasets);
      for (const set of ['train', 'test'] as const) {
        const got = engine.evaluate(engine.sets[set], places.map(plane.weightsAt));
        got.forEach(({ loss, accuracy }, i) => {
          isNear(loss, right[`${set}Loss`][i]!);
          assert.equal(accuracy, right[`${set}Acc`][i]!);
        });
      }
    }
    const places = [
      { a: -0.4, b: 1.3 },
      { a: 1.4, b: -0.7 },
    ];
    const anywhere: Path = {
      anchors: [w1, theta, w2],
      coefficients: (i) => plane.weightsAt(places[i]!),
    };
    const { testLoss } = await evaluatePath(network, anywhere, [0, 1], datasets);
    const got = engine.evaluate(engine.sets.test, places.map(plane.weightsAt));
    for (const [i, { loss }] of got.entries()) isNear(loss, testLoss[i]!);
  });

  it('calls images what labelsAlong does, one that is drawn too', async () => {
    const right = await labelsAlong(network, chain(w1, w2, theta), ts, datasets.test);
    const points = ts.map((t) => plane.weightsAt(onChain(plane.theta, t)));
    assert.deepEqual(
      engine.labels(engine.sets.test, points).map((labels) => [...labels]),
      right.map((labels) => [...labels]),
    );
    const pixels = header.shape[0] * header.shape[1];
    for (const image of [0, 7]) {
      const drawn = read.test.pixels.slice(image * pixels, (image + 1) * pixels);
      assert.deepEqual(
        engine.labelsOf(drawn, points),
        right.map((labels) => labels[image]),
      );
    }
  });

  it('goes down as performEpoch does, and tells how far off the plane', async () => {
    const model = { network, weights: planeAt({ a: 0.5, b: 0.2 }) };
    const loader = dataLoader(datasets.train, { batchSize: 128, shuffle: SEED });
    const optimizer = SGD({ learningRate: RATE, momentum: MOMENTUM });
    for (let epoch = 0; epoch < 2; epoch++)
      await performEpoch(model, loader, crossEntropy, optimizer);
    engine.descent.start(plane.weightsAt({ a: 0.5, b: 0.2 }));
    assert.ok(plane.footOf(engine.descent.weights()).distance < 1e-5);
    for (let step = 0; step < 2 * loader.length; step++) engine.descent.step();
    assert.equal(engine.descent.steps, 2 * loader.length);
    const basis = orthogonalBasis(w1, w2, theta);
    const right = planeCoordinates(basis, model.weights);
    const foot = plane.footOf(engine.descent.weights());
    isNear(foot.a, right.a, 1e-4);
    isNear(foot.b, right.b, 1e-4);
  });

  function planeAt(place: { a: number; b: number }): StateDict {
    const basis = orthogonalBasis(w1, w2, theta);
    const point = planeStateDict(basis, place);
    disposeBasis(basis);
    return point;
  }
});
