import assert from 'node:assert/strict';
import { type Lists, withMistakes } from '../../lib/checks/mistakes';
import { toyDataset } from '../toy';

describe('what a mistake gives in place of figures', () => {
  it('is told of a last batch of a single image, and not where all batches are full', async () => {
    const wrongAt = async (images: number) => {
      const test = toyDataset(images, 2);
      const { wrong } = await withMistakes({ train: toyDataset(128, 1), test }, async (some) => {
        // The last image alone has a loss of 129, all of them one of 1.
        const loss = [some.test.length === 1 ? 129 : 1];
        return { trainLoss: loss, testLoss: loss, trainAcc: [0], testAcc: [0] } satisfies Lists;
      });
      const of = Object.entries(wrong.testLoss);
      return of.filter(([name]) => /short last batch/.test(name)).map(([, values]) => values);
    };
    // 129 · 1 = 128 · M + 129, so M = 0, and (M + 129) / 2.
    assert.deepEqual(await wrongAt(129), [[64.5], [0]]);
    assert.deepEqual(await wrongAt(256), []);
  });
});
