import assert from 'node:assert/strict';
import {
  checkDifferenceProduct,
  checkIndexOf,
  checkPowerStep,
  type DifferenceProduct,
  type PowerStep,
} from '../../lib/checks';
import { failing, hints, onlyStubs, stub } from './checked';

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
  });
});
