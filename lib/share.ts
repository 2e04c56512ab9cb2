import { InputError } from './errors';

/** The i-th of n shares of some work, i from 1 to n. */
export interface Share {
  readonly i: number;
  readonly n: number;
}

/**
 * A share as it is written on a command line, i/n.
 *
 * @throws InputError when it is none
 */
export function readShare(where: string, text: string): Share {
  const [i = 0, n = 0] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (i >= 1 && i <= n) return { i, n };
  throw new InputError(`${where} must be i/n with i from 1 to n, got ${text}`);
}

/** Whether the k-th piece of the work, k from 0, belongs to a share. */
export function belongsTo({ i, n }: Share, k: number): boolean {
  return k % n === i - 1;
}
