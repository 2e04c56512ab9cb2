import assert from 'node:assert/strict';
import { claimedNets } from '../../lib/checks/claimedNets';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { toyDataset, toyNetwork } from '../toy';

describe('the accuracies of claimed nets', () => {
  before(() => useBackend());

  it('are measured once of each net and set', async () => {
    const inits = [1, 2].map((seed) => initialize(toyNetwork, seed));
    const [one, other] = [toyDataset(200, 1), toyDataset(300, 3)];
    const minima = [...inits];
    const nets = claimedNets(toyNetwork, { inits, minima });
    const ask = async () => [
      await nets.accuracy(0, one),
      await nets.accuracy(1, one),
      await nets.accuracy(0, other),
      await nets.accuracy(1, other),
    ];
    const first = await ask();
    assert.equal(new Set(first).size, 4, String(first));
    // Measured anew they were exchanged.
    minima.reverse();
    assert.deepEqual(await ask(), first);
  });
});
