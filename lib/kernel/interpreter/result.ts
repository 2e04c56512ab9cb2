import { inspect, types } from 'node:util';
import type { MimeBundle } from '../kernel';

const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/**
 * The value of a cell's last line in every format it can be shown in.
 *
 * @param display a module that knows how to show more kinds of values; see `Setup`
 */
export async function resultBundle(value: unknown, display?: string): Promise<MimeBundle> {
  if (types.isPromise(value)) return { 'text/plain': await describePromise(value) };
  if (typeof value !== 'object' || value === null) return { 'text/plain': inspect(value) };
  const own = (value as { [JUPYTER_DISPLAY]?: unknown })[JUPYTER_DISPLAY];
  if (typeof own === 'function') {
    return { 'text/plain': inspect(value), ...((await own.call(value)) as object) };
  }
  if (display === undefined) return { 'text/plain': inspect(value) };
  return await (require(display) as { mimeBundle(value: unknown): Promise<MimeBundle> }).mimeBundle(
    value,
  );
}

/** That it is a promise, its value if it has one, and what to do. */
async function describePromise(promise: Promise<unknown>): Promise<string> {
  const pending = Symbol('pending');
  const value = await Promise.race([promise, Promise.resolve(pending)]);
  return value === pending
    ? 'a promise that is not settled yet: write await in front of it to have its value'
    : `a promise of ${inspect(value)}: write await in front of it to have that value`;
}
