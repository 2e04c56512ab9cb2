import assert from 'node:assert/strict';
import { checkLines, checkPlane } from '../../lib/checks';
import { loadMnist } from '../../lib/data';
import { tfjsEngine, useBackend } from '../../lib/engine';
import { ClassifierFC } from '../../lib/nn';
import { type Datasets, evaluatePath, line } from '../../lib/paths';
import { evaluateGrid } from '../../lib/plane';
import { ends } from './ends';

/** With more images a mistake moves the figures less; a right answer must still find its points. */
describe('checks on all of MNIST', () => {
  const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
  let datasets: Datasets;
  before(async () => {
    await useBackend();
    datasets = await loadMnist();
  });

  it('take the lines of both engines for right', async () => {
    for (const options of [{}, { engine: tfjsEngine }]) {
      const { findings } = await checkLines(
        network,
        datasets,
        ends,
        (a, b, ts) => evaluatePath(network, line(a, b), ts, datasets, options),
        7,
      );
      assert.deepEqual(
        findings.filter(({ verdict }) => verdict !== 'holds'),
        [],
      );
    }
  });

  it('take a plane for right', async () => {
    const { findings } = await checkPlane(
      network,
      datasets,
      (plane, rectangle, options) => evaluateGrid(network, plane, rectangle, datasets, options),
      7,
    );
    assert.deepEqual(
      findings.filter(({ verdict }) => verdict !== 'holds'),
      [],
    );
  });
});
