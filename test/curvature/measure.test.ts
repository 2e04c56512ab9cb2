import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { curvatureAlong, curvatureAt, measureCurvature } from '../../lib/curvature';
import { tfjsEngine, useBackend } from '../../lib/engine';
import { vectorToParameters } from '../../lib/nn/vector';
import { line } from '../../lib/paths';
import { disposeStateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { assertNear, nets, samples } from './nets';

describe('figures of curvature', () => {
  before(() => useBackend());
  const net = nets.find(({ name }) => name === 'tanh, hidden layers [6, 5]')!;
  const { network, spectrum, gradient } = net;
  const at = (weights: number[]) => vectorToParameters(network, Float64Array.from(weights));
  const engine = tfjsEngine;

  it('are the ends of the spectrum that torch.linalg has, with the gradient beside them', async () => {
    const weights = at(net.weights);
    const curvature = await curvatureAt(network, weights, samples, { engine });
    disposeStateDict(weights);
    // As many steps as parameters: the quadrature is exact, and the probes' error all there is.
    const density = { probes: 30, steps: 113 };
    const figures = await measureCurvature(curvature, { largest: 4, tolerance: 1e-9, density });
    // Weights are float32 in a state dict, which holds these exactly; all else is float64.
    assertNear(figures.largest, spectrum.slice(-4).reverse(), 1e-10);
    assertNear(figures.smallest, spectrum.slice(0, 4), 1e-10);
    assertClose(figures.gradientNorm, Math.hypot(...gradient), { relative: 1e-12 });
    assertClose(figures.loss, net.loss, { relative: 1e-12 });
    assert.ok(figures.converged);
    assert.ok(figures.residual <= 1.01e-9 * Math.max(...spectrum.map(Math.abs)));
    const negative = spectrum.filter((x) => x < -1e-6 * spectrum.at(-1)!).length;
    const { mean, standardError } = figures.negativeShare!;
    assert.ok(Math.abs(mean - negative / spectrum.length) < 3 * standardError);
    assert.ok(standardError < 0.05);
  });

  it('along a path are those at its points', async () => {
    const live = tf.memory().numTensors;
    const [a, b] = [at(net.weights), at(net.weights.map((x) => -x))];
    const told: number[] = [];
    const onPoint = (done: number, total: number) => told.push(done / total);
    const options = { engine, onPoint, tolerance: 1e-9 };
    const rows = await curvatureAlong(network, line(a, b), [0.5, 1], samples, options);
    assert.deepEqual(told, [0.5, 1]);
    assert.deepEqual(
      rows.map(({ t }) => t),
      [0.5, 1],
    );
    assertNear(rows[1]!.largest, [spectrum.at(-1)!], 1e-10);
    assertNear(rows[1]!.smallest, [spectrum[0]!], 1e-10);
    assert.equal(rows[1]!.negativeShare, undefined);
    // Half way all weights are 0, and the loss that of three equal classes.
    assertClose(rows[0]!.loss, Math.log(3), { relative: 1e-12 });
    const nowhere = curvatureAlong(network, line(a, b), [Number.NaN], samples, options);
    await assert.rejects(nowhere, /t must be a finite number, got NaN/);
    disposeStateDict(a, b);
    assert.equal(tf.memory().numTensors, live);
  });
});
