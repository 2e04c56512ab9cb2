import { createHash } from 'node:crypto';

/** What the inputs of one criterion are drawn with; it tells nothing of those of another. */
export function seedOf(seed: number, criterion: string): number {
  return createHash('sha256').update(`${seed} ${criterion}`).digest().readUInt32BE();
}
