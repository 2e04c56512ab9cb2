import assert from 'node:assert/strict';
import {
  checkDifferenceProduct,
  checkIndexOf,
  checkPowerStep,
  type DifferenceProduct,
  type PowerStep,
} from '../../lib/checks';
import { failing, hints, onlyStubs, stub, verdicts } from './checked';

const product: DifferenceProduct = (gradientAt, w, v, h) => {
  const [ahead, behind] = [h, -h].map((s) => gradientAt(w.map((x, i) => x + s * v[i]!)));
  return ahead!.map((g, i) => (g - behind![i]!) / (2 * h));
};

const step: PowerStep = async (times, v) => {
  const next = await times(v);
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, a, i) => sum + a * y[i]!, 0);
  return { value: dot(v, next) / dot(v, v), next: next.map((x) => x / Math.hypot(...next)) };
};

describe('the checks of Part 4.1', () => {
  it('say their task as its heading does', async () => {
    const checks = [
      await checkDifferenceProduct(product),
      await checkPowerStep(step),
      await checkIndexOf(() => 0),
    ];
    assert.deepEqual(
      checks.map(({ task }) => task),
      ['4.1a', '4.1b', '4.1d'],
    );
  });
});

describe('checkDifferenceProduct', () => {
  it('holds of the right one, and of nothing that is not answered', async () => {
    assert.deepEqual(failing(await checkDifferenceProduct(product)), []);
    onlyStubs(await checkDifferenceProduct(stub));
  });

  it('names each mistake', async () => {
    const told = async (answer: DifferenceProduct, seed?: number) =>
      hints(await checkDifferenceProduct(answer, seed));
    const oneSided: DifferenceProduct = (gradientAt, w, v, h) => {
      const [here, ahead] = [0, h].map((s) => gradientAt(w.map((x, i) => x + s * v[i]!)));
      return ahead!.map((g, i) => (g - here![i]!) / h);
    };
    assert.match(await told(oneSided), /to one side, from w to w \+ hv/);
    const behind: DifferenceProduct = (gradientAt, w, v, h) => oneSided(gradientAt, w, v, -h);
    assert.match(await told(behind), /to one side, from w − hv to w$/m);
    const times =
      (factor: (h: number) => number): DifferenceProduct =>
      (gradientAt, w, v, h) =>
        product(gradientAt, w, v, h).map((x) => factor(h) * x);
    assert.match(await told(times(() => 2)), /twice as much/);
    assert.match(
      await told(
        times((h) => 2 * h),
        3,
      ),
      /the difference alone/,
    );
    assert.match(await told(times(() => -1)), /its negative/);
    assert.match(await told(times(() => 3)), /at number 0 you have/);
    const writes: DifferenceProduct = (gradientAt, w, v, h) => {
      const right = product(gradientAt, w, v, h);
      w[0] = w[0]! + h * v[0]!;
      return right;
    };
    assert.match(await told(writes), /it writes into the weights: take a copy/);
  });

  it('asks for a large h and a small one, each by itself', async () => {
    const asked: number[] = [];
    const small = await checkDifferenceProduct((gradientAt, w, v, h) => {
      asked.push(h);
      return h > 0.1 ? stub() : product(gradientAt, w, v, h);
    });
    assert.deepEqual(verdicts(small), ['not answered', 'holds', 'holds']);
    assert.deepEqual(asked, [0.5, 0.001]);
  });
});

describe('checkPowerStep', () => {
  it('holds of the right one, and of nothing that is not answered', async () => {
    assert.deepEqual(failing(await checkPowerStep(step)), []);
    onlyStubs(await checkPowerStep(stub));
  });

  it('names each mistake', async () => {
    const told = async (answer: PowerStep) => hints(await checkPowerStep(answer));
    const square = (v: Float64Array) => v.reduce((sum, x) => sum + x * x, 0);
    const undivided: PowerStep = async (times, v) => {
      const { value, next } = await step(times, v);
      return { value: value * square(v), next };
    };
    assert.match(await told(undivided), /divide it by v·v/);
    const long: PowerStep = async (times, v) => ({
      ...(await step(times, v)),
      next: await times(v),
    });
    assert.match(await told(long), /Av itself: divide it by its length[\s\S]*it takes 2/);
    const still: PowerStep = async (times, v) => ({
      ...(await step(times, v)),
      next: v.map((x) => x / Math.sqrt(square(v))),
    });
    assert.match(await told(still), /v at length 1: multiply it first/);
    const negative: PowerStep = async (times, v) => {
      const { value, next } = await step(times, v);
      return { value: -value, next };
    };
    assert.match(await told(negative), /^this is its negative$/m);
    const other: PowerStep = async (times, v) => ({ ...(await step(times, v)), value: 9 });
    assert.match(await told(other), /^of this v you have 9\.000, right is /m);
    assert.match(await told(async () => ({}) as never), /there is no value/);
  });
});

describe('checkIndexOf', () => {
  it('holds of the right one, and of nothing that is not answered', async () => {
    const right = (values: readonly number[], least: number) =>
      values.filter((value) => value < -least).length;
    assert.deepEqual(failing(await checkIndexOf(right)), []);
    onlyStubs(await checkIndexOf(stub));
  });

  it('tells one that counts rounding, those above 0, or only one', async () => {
    const rounding = await checkIndexOf((values) => values.filter((x) => x < 0).length);
    assert.deepEqual(failing(rounding), ['what is 0 to rounding does not count']);
    const above = await checkIndexOf((values, least) => values.filter((x) => x > least).length);
    assert.equal(failing(above).length, 3);
    const one = await checkIndexOf((values, least) => Number(values.some((x) => x < -least)));
    assert.match(hints(one), /it counts 1, of which [3-6] are negative/);
    const text = await checkIndexOf(() => '3' as never);
    assert.match(
      hints(text),
      /^of 9 eigenvalues it counts '3', which is a text and no number, and/,
    );
  });

  it('asks of eigenvalues above 0, of three to six below, and of some that round to 0', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const asked: number[][] = [];
      const check = await checkIndexOf((values, least) => {
        asked.push([...values]);
        return values.filter((value) => value < -least).length;
      }, seed);
      assert.deepEqual(failing(check), []);
      const [minimum, saddle, all] = asked as [number[], number[], number[]];
      const below = saddle.filter((value) => value < 0);
      assert.ok(below.length >= 3 && below.length <= 6, `${below.length} are below 0`);
      for (const size of [...minimum, ...below.map((value) => -value)])
        assert.ok(size >= 0.1 && size < 1.1, String(size));
      const rounding = all.filter((value) => Math.abs(value) < 1e-7);
      assert.deepEqual(rounding.map(Math.sign).sort(), [-1, -1, 1]);
    }
  });
});
