import assert from 'node:assert/strict';
import { checkStatistics } from '../../lib/checks';
import { loadMnist, take } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize, VGG } from '../../lib/nn';
import { evaluatePath, type Path } from '../../lib/paths';
import { recomputeStatistics } from '../../lib/training';
import { type StateDict, scale } from '../../lib/weights';
import { hints, notHolding, onlyStubs, stub } from './checked';

describe('checkStatistics', () => {
  before(() => useBackend());

  it("knows figures with an end's or interpolated statistics from recomputed ones", async () => {
    const network = VGG({ depth: 11, width: 1 / 64, batchNorm: true, dropout: 0 });
    const mnist = await loadMnist();
    const some = { train: take(mnist.train, 40), test: take(mnist.test, 20) };
    const inits = [1, 2].map((seed) => initialize(network, seed)) as [StateDict, StateDict];
    // One of them larger, so that their statistics differ.
    const [w1, w2] = (await Promise.all(
      inits.map((init, i) => recomputeStatistics(network, scale(1 + 2 * i, init), some.train)),
    )) as [StateDict, StateDict];
    const by =
      (statistics: 'recomputed' | 'interpolated' | 'endpoint') => (path: Path, ts: number[]) =>
        evaluatePath(network, path, ts, some, { statistics });
    const check = (answer: Parameters<typeof checkStatistics>[4]) =>
      checkStatistics(network, some, w1, w2, answer);
    assert.deepEqual(notHolding(await check(by('recomputed'))), []);
    const asked: number[][] = [];
    const calls = await check(async (path, ts) => {
      asked.push([...ts]);
      return await by('recomputed')(path, ts);
    });
    assert.deepEqual(notHolding(calls), []);
    assert.equal(asked.length, 1, 'it takes long, and is asked once');
    const [[one, two]] = asked as [[number, number]];
    assert.ok(one >= 0.2 && one <= 0.4 && two >= 0.6 && two <= 0.8, `${one}, ${two}`);
    assert.deepEqual(
      [one, two].map((t) => Number(t.toFixed(2))),
      [one, two],
    );
    assert.match(hints(await check(by('interpolated'))), /statistics that were interpolated/);
    assert.match(hints(await check(by('endpoint'))), /these are those of one end's statistics/);
    const [x1, x2] = inits;
    const alike = await checkStatistics(network, some, x1, x2, by('endpoint'));
    assert.match(hints(alike), /like weights, or those of one end's statistics/);
    onlyStubs(await check(stub));
  });
});
