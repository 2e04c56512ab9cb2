import assert from 'node:assert/strict';
import { curvatureAt } from '../../lib/curvature';
import { dataLoader, makeDataset } from '../../lib/data';
import { type Engine, useBackend } from '../../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { evaluatePath, fitBend, line } from '../../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import { performEpoch } from '../../lib/training';
import type { StateDict } from '../../lib/weights';
import { toyDataset } from '../toy';

const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
describe('what every engine refuses: an engine of one’s own, wherever the lab calls it', () => {
  before(() => useBackend());
  const engine: Engine = {
    name: 'mine',
    descend: () => assert.fail('was asked'),
    evaluator: () => assert.fail('was asked'),
    statistics: () => assert.fail('was asked'),
    curvature: () => assert.fail('was asked'),
  };
  const [a, b, c] = [1, 2, 3].map((seed) => initialize(network, seed)) as [
    StateDict,
    StateDict,
    StateDict,
  ];
  const wrong = makeDataset({ ...toyDataset(20, 1), imageShape: [4, 2, 2] });
  const loader = dataLoader(wrong, { batchSize: 7 });
  const optimizer = SGD({ learningRate: 0.1 });
  const data = { train: wrong, test: wrong };
  const model = { network, weights: a };
  const calls: Record<string, () => Promise<unknown>> = {
    performEpoch: () => performEpoch(model, loader, crossEntropy, optimizer, { engine }),
    'performEpoch without an optimizer': () =>
      performEpoch(model, loader, crossEntropy, undefined, { engine }),
    fitBend: () => fitBend(network, a, b, { loader, optimizer, epochs: 1, seed: 1, engine }),
    curvatureAt: () => curvatureAt(network, a, wrong, { engine }),
    evaluatePath: () => evaluatePath(network, line(a, b), [0], data, { engine }),
    evaluateGrid: () => {
      const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 1, ny: 1 } as const;
      return evaluateGrid(network, orthogonalBasis(a, b, c), rectangle, data, { engine });
    },
  };
  for (const [name, call] of Object.entries(calls)) {
    it(name, async () => {
      await assert.rejects(call, { name: 'InputError', message: /images of dataset/ });
    });
  }
});
