import assert from 'node:assert/strict';
import { OF_LOSS } from '../../lib/checks/figures';
import {
  type Lists,
  mistakesOf,
  NO_MISTAKES,
  telling,
  toleranceOf,
} from '../../lib/checks/mistakes';
import { toyDataset } from '../toy';

describe('what a mistake gives in place of figures', () => {
  const at = (loss: number): Lists => ({
    trainLoss: [loss],
    testLoss: [loss],
    trainAcc: [0],
    testAcc: [0],
  });

  it('is told of a last batch of a single image, and not where all batches are full', async () => {
    const wrongAt = async (images: number) => {
      const datasets = { train: toyDataset(128, 1), test: toyDataset(images, 2) };
      // The last image alone has a loss of 129, all of them one of 1.
      const { testLoss } = await mistakesOf(datasets, at(1), async (some) =>
        at(some.test.length === 1 ? 129 : 1),
      );
      const of = Object.entries(testLoss);
      return of.filter(([name]) => /short last batch/.test(name)).map(([, values]) => values);
    };
    // 129 · 1 = 128 · M + 129, so M = 0, and (M + 129) / 2.
    assert.deepEqual(await wrongAt(129), [[64.5], [0]]);
    assert.deepEqual(await wrongAt(256), []);
  });

  it('is told of half of the images, of an odd number the larger half', async () => {
    const asked: number[][] = [];
    const datasets = { train: toyDataset(131, 1), test: toyDataset(128, 2) };
    await mistakesOf(datasets, at(0), async (some) => {
      asked.push([some.train.length, some.test.length]);
      return at(0);
    });
    assert.deepEqual(asked, [[66, 64]]);
  });

  it('tells as much as where it tells least, in tolerances of each figure', () => {
    const datasets = { train: toyDataset(100, 1), test: toyDataset(50, 2) };
    for (const loss of ['trainLoss', 'testLoss'] as const)
      assert.equal(toleranceOf(loss, datasets), OF_LOSS);
    const right = { trainLoss: [1], testLoss: [1], trainAcc: [0.5], testAcc: [0.5] };
    const far = { ...NO_MISTAKES, trainLoss: { other: [2] }, trainAcc: { other: [0.9] } };
    const near = { ...far, trainAcc: { other: [0.52] } };
    const least = telling({ right, wrong: near }, datasets);
    assert.ok(least < telling({ right, wrong: far }, datasets));
    assert.equal(least, telling({ right, wrong: { ...near, trainLoss: {} } }, datasets));
  });
});
