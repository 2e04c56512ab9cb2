import assert from 'node:assert/strict';
import { ClassifierFC, initialize, linearCombination, type StateDict } from '../../../lib';
import { pack } from '../../../lib/grading/evidence/pack';
import { type Trace, tracesIn } from '../../../lib/grading/judge/traces';

const network = ClassifierFC({
  ...{ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 4, numHidden: 1, nonlinearity: 'relu' },
});
const [MINIMA, BEND] = ['task-1-1-check', 'task-2-2-check'];
/** Something else than `initialize` gives of any seed, of its own for each number. */
const trained = (k: number) =>
  linearCombination([1 + k, 0.5], [initialize(network, k), initialize(network, 0)]);
const inits = (...seeds: number[]) => seeds.map((seed) => initialize(network, seed));

function traces(id: string, claims: object): Trace[] {
  const text = JSON.stringify({ claims: pack(claims), calls: {} });
  return tracesIn([{ kind: 'evidence', id, occasion: 'in place', text }]);
}
const trace = (id: string, claims: object): Trace | undefined => traces(id, claims)[0];
const claimsOf = (from: readonly StateDict[], minima: readonly StateDict[]) => ({
  network,
  inits: from,
  minima,
});
const minimaOf = (...of: Parameters<typeof claimsOf>) => trace(MINIMA, claimsOf(...of));

describe('what was trained', () => {
  it('is the same for the same weights, and another for one changed bit', () => {
    const [a, b] = [minimaOf(inits(42, 43), [trained(1)]), minimaOf(inits(7, 8), [trained(1)])];
    assert.deepEqual(a!.ended, b!.ended);
    assert.notDeepEqual(a!.began, b!.began);
    assert.notDeepEqual(minimaOf(inits(7, 8), [trained(2)])!.ended, a!.ended);
  });

  it('began at the seeds that are given, in whatever order, or at others', () => {
    const own = (...seeds: number[]) =>
      traces(MINIMA, claimsOf(inits(...seeds), [trained(1), trained(2)])).map(
        (one) => one.ownSeeds,
      );
    assert.deepEqual(
      [own(42, 43), own(43, 42), own(42, 5), own(5, 6)],
      [
        [false, false],
        [false, false],
        [false, true],
        [true, true],
      ],
    );
    const theta = trace(BEND, { network, w1: trained(1), w2: trained(2), theta: trained(3) })!;
    assert.deepEqual([theta.began.length, theta.ended.length, theta.ownSeeds], [1, 1, false]);
    const turned = trace(BEND, { network, w1: trained(2), w2: trained(1), theta: trained(3) })!;
    assert.deepEqual(turned.began, theta.began);
  });

  it('is told net by net, each with where it began first', () => {
    const [first, second] = traces(MINIMA, claimsOf(inits(42, 5), [trained(1), trained(2)]));
    assert.equal(first!.began.length, 2);
    assert.deepEqual(second!.began, [...first!.began].reverse());
    assert.notDeepEqual(second!.ended, first!.ended);
    // The first was trained in place: where it began nobody knows, and of the second everybody.
    const [only, ...others] = traces(
      MINIMA,
      claimsOf([trained(1), ...inits(5)], [trained(1), trained(2)]),
    );
    assert.deepEqual([only!.ended, only!.began[0], others], [second!.ended, second!.began[0], []]);
  });

  it('is none where nothing was, and began nowhere where what it began at was trained', () => {
    const [from] = inits(5);
    assert.equal(minimaOf([from!], [from!]), undefined);
    const withoutClone = minimaOf([trained(1), trained(2)], [trained(1), trained(2)]);
    assert.equal(withoutClone, undefined);
    const zeros = linearCombination([0], [from!]);
    const diverged = linearCombination([Number.NaN], [from!]);
    assert.equal(minimaOf(inits(5, 6), [zeros, diverged]), undefined);
  });

  it('is none of what is damaged', () => {
    const damaged = [
      '',
      '{',
      '{"claims":"[]","calls":{}}',
      '{"claims":"{\\"minima\\":[1]}","calls":{}}',
    ];
    for (const text of damaged) {
      assert.deepEqual(
        tracesIn([{ kind: 'evidence', id: MINIMA, occasion: 'in place', text }]),
        [],
      );
    }
    assert.equal(
      trace(MINIMA, { network: 'none', inits: inits(1, 2), minima: [trained(1)] }),
      undefined,
    );
  });
});
