import * as tf from '@tensorflow/tfjs';
import { NOT_ANSWERED } from '../errors';
import { type Judge, LATER } from './check';

/** Something inside of a value that an answer is given: a tensor, a number, a text. */
interface Leaf {
  readonly holder: Record<string, unknown>;
  readonly name: string;
  readonly value: unknown;
}

const MOST_DEPTH = 4;

/** The tensors, numbers and texts inside of a value, and where they are. */
export function leavesOf(value: unknown, depth = 0): Leaf[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  if (value instanceof tf.Tensor || depth > MOST_DEPTH) return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([name, item]) =>
    typeof item === 'object' && item !== null && !(item instanceof tf.Tensor)
      ? leavesOf(item, depth + 1)
      : typeof item === 'function'
        ? []
        : [{ holder, name, value: item }],
  );
}

/** Whether every leaf is where it was, and no tensor disposed. */
export function areAsBefore(leaves: readonly Leaf[]): boolean {
  return leaves.every(
    ({ holder, name, value }) =>
      Object.is(holder[name], value) && !(value instanceof tf.Tensor && value.isDisposed),
  );
}

/** Notes what an answer is given, by name; later it tells what has changed, if anything has. */
export function watch(given: Readonly<Record<string, unknown>>): () => string | undefined {
  const before = Object.entries(given).map(([name, value]) => [name, leavesOf(value)] as const);
  return () => {
    const changed = before.find(([, leaves]) => !areAsBefore(leaves));
    return changed && `it changes or disposes ${changed[0]}, which others still need: take a copy`;
  };
}

/**
 * The last judge of a function: it has changed nothing that it was given. Nothing is earned for
 * leaving alone what an answer does not use.
 */
export function leavesAsBefore(changed: () => string | undefined): Judge {
  return (before) => {
    if (before.every(({ verdict }) => verdict === 'not answered')) throw new Error(NOT_ANSWERED);
    const holding = before.filter(({ verdict }) => verdict === 'holds').length;
    return changed() ?? (2 * holding >= before.length ? undefined : LATER);
  };
}

export const AS_BEFORE = 'what it was given is as before';
