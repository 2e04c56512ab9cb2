import { InputError } from '../errors';

/** A connection of a tree, between two of the things that it connects. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
}

/**
 * The tree that connects all of n things at the least sum of costs (Prim's algorithm): n − 1 edges,
 * in the order in which they join, beginning at 0. Between any two things its way has the smallest
 * largest cost that any way has; so with barriers for costs it says how high one must climb from
 * minimum to minimum (Draxler et al. 2018, arXiv 1803.00885).
 *
 * @param costs a symmetric matrix; its diagonal does not count
 * @throws InputError when it is empty, not square, not symmetric, or holds NaN
 * @example
 * ```ts
 * spanningTree([[0, 1, 4], [1, 0, 2], [4, 2, 0]]); // → [ { from: 0, to: 1, cost: 1 }, { from: 1, to: 2, cost: 2 } ]
 * ```
 */
export function spanningTree(costs: readonly (readonly number[])[]): Edge[] {
  requireSymmetric(costs);
  const outside = new Set(costs.keys());
  outside.delete(0);
  /** The cheapest edge from the tree to each thing outside. */
  const nearest = costs[0]!.map((cost, to): Edge => ({ from: 0, to, cost }));
  const tree: Edge[] = [];
  while (outside.size > 0) {
    const open = [...outside].map((to) => nearest[to]!);
    const edge = open.reduce((least, other) => (other.cost < least.cost ? other : least));
    tree.push(edge);
    outside.delete(edge.to);
    for (const to of outside) {
      const cost = costs[edge.to]![to]!;
      if (cost < nearest[to]!.cost) nearest[to] = { from: edge.to, to, cost };
    }
  }
  return tree;
}

function requireSymmetric(costs: readonly (readonly number[])[]): void {
  const n = costs.length;
  if (n === 0 || costs.some((row) => row.length !== n)) {
    throw new InputError(
      `spanningTree: costs must be square and not empty, got ${n} rows of ` +
        `${costs.map((row) => row.length).join(', ')} numbers`,
    );
  }
  for (const [i, row] of costs.entries()) {
    for (const [j, cost] of row.entries()) {
      if (i !== j && Number.isNaN(cost)) {
        throw new InputError(
          `spanningTree: the cost from ${i} to ${j} is NaN; leave out networks that have diverged`,
        );
      }
      if (i === j || cost === costs[j]![i]) continue;
      throw new InputError(
        `spanningTree: costs must be symmetric, got ${cost} from ${i} to ${j} and ` +
          `${costs[j]![i]} back; take the larger of both`,
      );
    }
  }
}
