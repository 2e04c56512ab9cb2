import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { Adam, AdamW, type Optimizer, SGD } from '../../lib/optim';
import { assertClose } from '../close';
import { stepped } from './toy';

/** A function of two numbers with its gradient worked out by hand, and where it is least. */
interface Problem {
  readonly gradient: (x: number, y: number) => [number, number];
  readonly start: [number, number];
  readonly minimum: [number, number];
}

const problems: Record<'parabola' | 'valley' | 'Rosenbrock', Problem> = {
  // (x − 3)² + (y + 1)²
  parabola: { gradient: (x, y) => [2 * (x - 3), 2 * (y + 1)], start: [0, 0], minimum: [3, -1] },
  // ½x² + 10·y², twenty times as steep one way as the other
  valley: { gradient: (x, y) => [x, 20 * y], start: [4, 1], minimum: [0, 0] },
  // (1 − x)² + 100·(y − x²)²
  Rosenbrock: {
    gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    start: [-1.2, 1],
    minimum: [1, 1],
  },
};

// AdamW's decay would pull the minimum towards 0, so here it is off.
const table: [keyof typeof problems, steps: number, make: () => Optimizer][] = [
  ['parabola', 100, () => SGD({ learningRate: 0.1 })],
  ['parabola', 300, () => SGD({ learningRate: 0.05, momentum: 0.9 })],
  ['parabola', 200, () => SGD({ learningRate: 0.05, momentum: 0.9, nesterov: true })],
  ['parabola', 1000, () => Adam({ learningRate: 0.1 })],
  ['parabola', 1000, () => AdamW({ learningRate: 0.1, weightDecay: 0 })],
  ['valley', 300, () => SGD({ learningRate: 0.05 })],
  ['valley', 300, () => SGD({ learningRate: 0.05, momentum: 0.8 })],
  ['valley', 300, () => SGD({ learningRate: 0.04, momentum: 0.8, nesterov: true })],
  ['valley', 1000, () => Adam({ learningRate: 0.1 })],
  ['valley', 1000, () => AdamW({ learningRate: 0.1, weightDecay: 0 })],
  ['Rosenbrock', 30000, () => SGD({ learningRate: 0.001 })],
  ['Rosenbrock', 4000, () => SGD({ learningRate: 0.0005, momentum: 0.95 })],
  ['Rosenbrock', 4000, () => SGD({ learningRate: 0.0005, momentum: 0.95, nesterov: true })],
  ['Rosenbrock', 6000, () => Adam({ learningRate: 0.02 })],
  ['Rosenbrock', 6000, () => AdamW({ learningRate: 0.02, weightDecay: 0 })],
];

describe('every optimizer solves small problems', () => {
  for (const [name, steps, make] of table) {
    it(`${name} by ${make().name} in ${steps} steps`, () => {
      const { gradient, start, minimum } = problems[name];
      const before = tf.memory().numTensors;
      const optimizer = make();
      let weights: tf.NamedTensorMap = { x: tf.scalar(start[0]), y: tf.scalar(start[1]) };
      for (let k = 0; k < steps; k++) {
        const [gx, gy] = gradient(weights.x!.dataSync()[0]!, weights.y!.dataSync()[0]!);
        weights = stepped(optimizer, weights, { x: tf.scalar(gx), y: tf.scalar(gy) });
      }
      const end = [weights.x!.dataSync()[0]!, weights.y!.dataSync()[0]!];
      // Near a minimum float32 rounding of the gradient alone leaves about 1e-4 in a flat valley.
      assertClose(end, minimum, { absolute: 2e-3 });
      tf.dispose(weights);
      optimizer.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }
});
