import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { alongRescalings, checkRescaling } from '../../lib/checks';
import { curvatureAt, measureCurvature } from '../../lib/curvature';
import { useBackend } from '../../lib/engine';
import { reservations } from '../../lib/engine/native/memory';
import { ClassifierFC, initialize } from '../../lib/nn';
import { disposeStateDict, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { samples } from '../curvature/nets';
import { failing, hints, onlyStubs, stub } from './checked';

const network = ClassifierFC({ inputShape: [1, 3, 3], outputSize: 3, hiddenDim: 4, numHidden: 1 });

/** The weights into a neuron times one number, its bias times another, those out of it a third. */
const moved =
  (into: number, bias: number, out: number) =>
  (weights: StateDict, neuron: number): StateDict => {
    const factors: Record<string, (i: number) => number> = {
      'layers.1.weight': (i) => (Math.floor(i / 9) === neuron ? into : 0),
      'layers.1.bias': (i) => (i === neuron ? bias : 0),
      'layers.3.weight': (i) => (i % 4 === neuron ? out : 0),
      'layers.3.bias': () => 0,
    };
    const tensors = Object.entries(weights).map(([name, tensor]) => [
      name,
      tf.tensor(
        Float32Array.from(tensor.dataSync(), (w, i) => w * factors[name]!(i)),
        tensor.shape,
      ),
    ]);
    return Object.fromEntries(tensors);
  };

describe('checkRescaling', () => {
  let minimum: StateDict;
  const checked = (answer: (weights: StateDict, neuron: number) => StateDict) =>
    checkRescaling(answer, { network, minimum, dataset: samples });

  before(async () => {
    await useBackend();
    minimum = initialize(network, 5);
  });
  after(() => disposeStateDict(minimum));

  it('holds of in × α, out ÷ α, and of nothing that is not answered', async () => {
    const live = tf.memory().numTensors;
    const right = await checked(moved(1, 1, -1));
    assert.deepEqual([right.task, failing(right)], ['4.1c', []]);
    assert.match(right.findings[0]!.what, /^each of the 4 directions, 0 to 3/);
    // What is kept for the network is there by now.
    const reserved = reservations();
    assert.deepEqual(failing(await checked(moved(-2, -2, 2))), []);
    onlyStubs(await checked(stub));
    assert.equal(tf.memory().numTensors, live);
    assert.equal(reservations(), reserved);
  });

  it('names the neurons of directions along which the loss changes', async () => {
    assert.match(hints(await checked(moved(1, 1, 1))), /rises or falls .* of neuron 0, 1, 2, 3/);
    assert.match(hints(await checked(moved(1, 0, -1))), /rises or falls/);
    const second = await checked((weights, neuron) =>
      moved(1, 1, neuron === 2 ? -2 : -1)(weights, neuron),
    );
    assert.match(hints(second), /rises or falls along the direction of neuron 2$/m);
    const nextOne = await checked((weights, neuron) => moved(1, 1, -1)(weights, (neuron + 1) % 4));
    assert.match(hints(nextOne), /other weights move, with the direction of neuron 0, 1, 2, 3/);
    assert.match(hints(await checked(moved(0, 0, 0))), /nothing moves/);
    assert.match(hints(await checked(() => ({}))), /layers\.1\.weight/);
  });

  it('leaves alone what an answer returns and has not made', async () => {
    const given = await checked((weights) => weights);
    assert.match(hints(given), /other weights move, with the direction of neuron 0, 1, 2, 3/);
    const kept = tf.zeros([3]);
    const sharing = await checked((weights, neuron) => ({
      ...moved(1, 1, -1)(weights, neuron),
      'layers.3.bias': kept,
    }));
    assert.deepEqual(failing(sharing), []);
    for (const tensor of [...Object.values(minimum), kept]) assert.ok(!tensor.isDisposed);
    kept.dispose();
  });

  it('tells weights that are written over', async () => {
    const disposing = await checked((weights, neuron) => {
      const right = moved(1, 1, -1)(weights, neuron);
      if (neuron === 3 && weights === minimum) minimum['layers.1.bias']!.dispose();
      return right;
    });
    assert.ok(failing(disposing).includes('what it was given is as before'));
    minimum['layers.1.bias'] = tf.zeros([4]);
  });

  it('has slopes and curvatures of the direction, however long it is', async () => {
    // One along which the loss changes, and the right one.
    for (const out of [1, -1]) {
      const [once, thrice] = [
        await alongRescalings(network, minimum, samples, moved(1, 1, out)),
        await alongRescalings(network, minimum, samples, moved(3, 3, 3 * out)),
      ];
      const size = Math.max(...once.map(({ straight }) => Math.abs(straight)));
      for (const [i, { slope, straight, along }] of thrice.entries()) {
        const one = once[i]!;
        const wanted = [one.slope, one.straight, one.along];
        assertClose([slope, straight, along], wanted, { absolute: 1e-5 * size });
      }
    }
  });

  it('has the second derivative of the loss along the curve itself, which is 0', async () => {
    const rows = await alongRescalings(network, minimum, samples, moved(1, 1, -1));
    const size = Math.max(...rows.map(({ straight }) => Math.abs(straight)));
    // At a point with a gradient the straight line is curved, and the curve is not.
    assert.ok(size > 1e-3);
    for (const { along } of rows) assert.ok(Math.abs(along) < 1e-5 * size + 1e-7, String(along));
  });
});

describe('the bars of checkRescaling', () => {
  before(() => useBackend());

  /** Next to the right direction: slope and curvature grow as ε. */
  const off = (ε: number) => moved(1 + ε, 1 + ε, -1);
  const SMALL = 1e-2;

  /** The ε at which the largest of the neurons' figures is of this size. */
  async function offBy(at: StateDict, figure: 'slope' | 'along', size: number) {
    const rows = await alongRescalings(network, at, samples, off(SMALL));
    const most = Math.max(...rows.map((row) => Math.abs(row[figure])));
    return (SMALL * size) / most;
  }

  it('are 1e-4 of the gradient and of the largest eigenvalue, on either side of 0', async () => {
    // The check's own point has seed 1.
    const [start, minimum] = [initialize(network, 1), initialize(network, 5)];
    const of = async (at: StateDict) => {
      const curvature = await curvatureAt(network, at, samples);
      const figures = await measureCurvature(curvature, { largest: 1 });
      curvature.dispose();
      return figures;
    };
    const [{ gradientNorm }, { largest }] = [await of(start), await of(minimum)];
    for (const [k, figure, at, size] of [
      [1, 'slope', start, gradientNorm],
      [2, 'along', minimum, largest[0]!],
    ] as const) {
      for (const [share, verdict] of [
        [0.8, 'holds'],
        [1.25, 'fails'],
      ] as const) {
        const ε = await offBy(at, figure, share * 1e-4 * size);
        for (const sign of [1, -1]) {
          const check = await checkRescaling(off(sign * ε), { network, minimum, dataset: samples });
          assert.equal(check.findings[k]!.verdict, verdict, `${figure}, ${share * sign}`);
        }
      }
    }
    disposeStateDict(start, minimum);
  });
});
