import { inspect, types } from 'node:util';
import type { MimeBundle } from '../kernel';
import { valueBundle } from '../values';

/**
 * The value of a cell's last line in every format it can be shown in.
 *
 * @param display a module that knows how to show more kinds of values; see `Setup`
 */
export async function resultBundle(value: unknown, display?: string): Promise<MimeBundle> {
  if (types.isPromise(value)) return { 'text/plain': await describePromise(value) };
  if (display === undefined || typeof value !== 'object' || value === null) {
    return await valueBundle(value);
  }
  const { mimeBundle } = require(display) as { mimeBundle: typeof valueBundle };
  // A proxy's traps can throw at every look.
  return types.isProxy(value)
    ? await mimeBundle(value).catch(() => valueBundle(value))
    : await mimeBundle(value);
}

/** That it is a promise, its value if it has one, and what to do. */
async function describePromise(promise: Promise<unknown>): Promise<string> {
  const pending = Symbol('pending');
  const value = await Promise.race([promise, Promise.resolve(pending)]);
  return value === pending
    ? 'a promise that is not settled yet: write await in front of it to have its value'
    : `a promise of ${inspect(value)}: write await in front of it to have that value`;
}
