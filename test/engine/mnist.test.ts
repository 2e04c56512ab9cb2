import assert from 'node:assert/strict';
import { dataLoader, loadMnist } from '../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { chain, interpolateBetweenStateDicts, line, linspace, type Path } from '../../lib/paths';
import { orthogonalBasis } from '../../lib/plane';
import { generator } from '../../lib/random';
import { performEpoch } from '../../lib/training';
import { add, clone, type StateDict, scale } from '../../lib/weights';

describe('nativeEngine on MNIST, beside tfjs', () => {
  before(() => useBackend());
  const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });

  /** An epoch over the first `samples` training images by an engine. */
  async function trained(seed: number, samples: number, engine = nativeEngine) {
    const { train } = await loadMnist();
    const few = { ...train, length: samples, labels: train.labels.subarray(0, samples) };
    const model = { network, weights: initialize(network, seed) };
    const loader = dataLoader(few, { batchSize: 128, shuffle: seed });
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    const figures = await performEpoch(model, loader, crossEntropy, optimizer, { engine });
    return { ...figures, weights: model.weights };
  }

  it('has the same loss after 50 steps, to 1e-3', async () => {
    const samples = 50 * 128;
    const [ours, theirs] = [await trained(3, samples), await trained(3, samples, tfjsEngine)];
    assert.ok(
      Math.abs(ours.loss - theirs.loss) < 1e-3,
      `while training ${ours.loss}, ${theirs.loss}`,
    );
    const { test } = await loadMnist();
    const [a, b] = await Promise.all(
      [ours, theirs].map(({ weights }) =>
        nativeEngine.evaluator(network, [weights], test).evaluate([[1]]),
      ),
    );
    assert.ok(
      Math.abs(a![0]!.loss - b![0]!.loss) < 1e-3,
      `after it ${a![0]!.loss}, ${b![0]!.loss}`,
    );
  });

  it('has the same figures on the four lines, the chain and 50 points of the plane', async () => {
    const { test } = await loadMnist();
    const inits = [1, 2].map((seed) => initialize(network, seed)) as [StateDict, StateDict];
    const [w1, w2] = [(await trained(1, 60_000)).weights, (await trained(2, 60_000)).weights];
    const middle = interpolateBetweenStateDicts(0.5, w1, w2);
    const theta = add(middle, scale(0.3, clone(inits[0])));
    const paths: [Path, number[]][] = [
      [line(w1, w2), linspace(0, 1.5, 7)],
      [line(w1, inits[0]), linspace(0, 1.5, 7)],
      [line(w1, inits[1]), linspace(0, 1.5, 7)],
      [line(inits[0], inits[1]), linspace(0, 1.5, 7)],
      [chain(w1, w2, theta), linspace(0, 1, 9)],
    ];
    for (const [{ anchors, coefficients }, ts] of paths) {
      await agree(anchors, ts.map(coefficients));
    }
    const random = generator(5);
    const basis = orthogonalBasis(w1, w2, theta);
    const places = Array.from({ length: 50 }, () => [
      1,
      2 * random.uniform() - 0.5,
      3 * random.uniform() - 1,
    ]);
    await agree([basis.origin, basis.u, basis.v], places);

    async function agree(anchors: readonly StateDict[], points: readonly (readonly number[])[]) {
      const [ours, theirs] = await Promise.all(
        [nativeEngine, tfjsEngine].map((engine) =>
          engine.evaluator(network, anchors, test).evaluate(points),
        ),
      );
      for (const [i, a] of ours!.entries()) {
        const b = theirs![i]!;
        assert.ok(Math.abs(a.loss - b.loss) <= 1e-5 * b.loss, `loss ${a.loss}, ${b.loss}`);
        const samples = Math.round(Math.abs(a.accuracy - b.accuracy) * test.length);
        assert.ok(samples <= 1, `${samples} samples differ`);
      }
    }
  });
});
