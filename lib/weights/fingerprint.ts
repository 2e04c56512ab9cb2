import { createHash } from 'node:crypto';
import { encodeSafetensors } from './safetensors';
import type { StateDict } from './stateDict';

/**
 * A short hash of state dicts, names, shapes and every bit: saved work names what it came from.
 *
 * @param stateDicts in their order, as that counts
 * @example
 * ```ts
 * fingerprint(a) === fingerprint(clone(a)); // → true
 * fingerprint(a) === fingerprint(b); // → false
 * ```
 */
export function fingerprint(...stateDicts: readonly StateDict[]): string {
  const hash = createHash('sha256');
  for (const stateDict of stateDicts) hash.update(encodeSafetensors(stateDict));
  return hash.digest('hex').slice(0, 16);
}
