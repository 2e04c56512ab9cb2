import assert from 'node:assert/strict';

/** How far a value may be from the expected one: |actual − expected| ≤ absolute + relative·|expected|. */
export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
}

/** Numbers that were held against others, and how far apart they were allowed to be. */
export interface Comparison {
  readonly actual: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
  readonly allowed: (expected: number) => number;
}

/** Hear of each comparison that held: docs/numbers.md is made of them. */
export const listeners: ((comparison: Comparison) => void)[] = [];

/**
 * The suite's one closeness matcher, for a number or for lists of the same length. Without a
 * tolerance the values must be equal. Equal infinities are close; NaN is close to nothing.
 */
export function assertClose(
  actual: ArrayLike<number> | number,
  expected: ArrayLike<number> | number,
  { relative = 0, absolute = 0 }: Tolerance = {},
): void {
  if (typeof actual === 'number' && typeof expected === 'number') {
    assertListsClose([actual], [expected], relative, absolute, () => '');
  } else if (typeof actual !== 'number' && typeof expected !== 'number') {
    assertListsClose(actual, expected, relative, absolute, (i) => ` at index ${i}`);
  } else {
    assert.fail('assertClose: one side is a number, the other a list');
  }
}

function assertListsClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  absolute: number,
  where: (index: number) => string,
): void {
  assert.equal(actual.length, expected.length, 'the lists compared differ in length');
  const allowedAt = (wanted: number) => absolute + relative * Math.abs(wanted);
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [actual[i]!, expected[i]!];
    if (got === wanted) continue;
    const difference = Math.abs(got - wanted);
    const allowed = allowedAt(wanted);
    // Written so that a NaN anywhere, or an infinite difference, fails.
    if (!(difference <= allowed && Number.isFinite(difference))) {
      assert.fail(
        `not close${where(i)}: expected ${wanted}, got ${got}, ` +
          `difference ${difference}, allowed ${allowed}`,
      );
    }
  }
  for (const listener of listeners) listener({ actual, expected, allowed: allowedAt });
}
