import { InputError } from '../errors';

/**
 * The assignment of n rows to n columns, each to one, that costs least: `columns[i]` is the column
 * of row i, and Σᵢ costs[i][columns[i]] is the smallest of all n! sums. It is exact, by shortest
 * augmenting paths in O(n³) steps (Jonker and Volgenant 1987, as in Crouse 2016,
 * doi 10.1109/TAES.2016.140952, which scipy's `linear_sum_assignment` is of too). Where several
 * cost the same it gives one of them, always the same. To find the largest sum, negate the costs.
 *
 * @param costs a square matrix of finite numbers, row by row; it stays as it is
 * @throws InputError when it is empty or not square, or a cost is not finite
 * @example
 * ```ts
 * linearAssignment([[4, 1, 3], [2, 0, 5], [3, 2, 2]]); // → Uint32Array(3) [ 1, 0, 2 ]
 * ```
 */
export function linearAssignment(costs: readonly ArrayLike<number>[]): Uint32Array {
  requireSquare(costs);
  const n = costs.length;
  const columnOf = new Int32Array(n).fill(-1);
  const rowOf = new Int32Array(n).fill(-1);
  const prices = { rows: new Float64Array(n), columns: new Float64Array(n) };
  for (let row = 0; row < n; row++) {
    const { end, before } = cheapestWay(costs, row, rowOf, prices);
    // Along the way back each row gives its column up for the next.
    for (let column = end; ; ) {
      const of = before[column]!;
      const next = columnOf[of]!;
      [rowOf[column], columnOf[of]] = [of, column];
      if (of === row) break;
      column = next;
    }
  }
  return Uint32Array.from(columnOf);
}

interface Prices {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/**
 * The cheapest way from a row without a column to a column without a row, by Dijkstra's algorithm:
 * a step from row i to column j costs costs[i][j] − rows[i] − columns[j], which is at least 0, and
 * the step back to the row that has j costs nothing. `before[j]` is the row from which j is reached.
 * The prices then change so that all steps cost at least 0 again, and those of the way nothing.
 */
function cheapestWay(
  costs: readonly ArrayLike<number>[],
  start: number,
  rowOf: Int32Array,
  { rows, columns }: Prices,
): { readonly end: number; readonly before: Int32Array } {
  const n = costs.length;
  const before = new Int32Array(n).fill(-1);
  const far = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  // Columns that are not visited yet are at the front, the visited ones behind, the last first.
  const order = Int32Array.from({ length: n }, (_, j) => n - 1 - j);
  let [open, row, distance] = [n, start, 0];
  for (;;) {
    const own = costs[row]!;
    const base = distance - rows[row]!;
    let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
    for (let k = 0; k < open; k++) {
      const j = order[k]!;
      const reached = base + own[j]! - columns[j]!;
      if (reached < far[j]!) {
        far[j] = reached;
        before[j] = row;
      }
      // Of columns equally far, one without a row ends the search.
      const d = far[j]!;
      if (d < least || (d === least && rowOf[j] === -1)) [nearest, least] = [k, d];
    }
    const column = order[nearest]!;
    distance = least;
    order[nearest] = order[--open]!;
    order[open] = column;
    if (rowOf[column] === -1) {
      rows[start]! += distance;
      for (let k = open + 1; k < n; k++) {
        const j = order[k]!;
        const slack = distance - far[j]!;
        rows[rowOf[j]!]! += slack;
        columns[j]! -= slack;
      }
      return { end: column, before };
    }
    row = rowOf[column]!;
  }
}

function requireSquare(costs: readonly ArrayLike<number>[]): void {
  const n = costs.length;
  if (n === 0) {
    throw new InputError('linearAssignment: costs has no row; give it at least one');
  }
  costs.forEach((row, i) => {
    if (row.length !== n) {
      throw new InputError(
        `linearAssignment: costs must be square, got ${n} rows and ${row.length} columns in row ` +
          `${i}; fill it up with the largest cost`,
      );
    }
    for (let j = 0; j < n; j++) {
      if (Number.isFinite(row[j]!)) continue;
      throw new InputError(
        `linearAssignment: costs[${i}][${j}] must be finite, got ${row[j]}; where a pair is not ` +
          'allowed, put a cost above all sums',
      );
    }
  });
}
