import { inspect, types } from 'node:util';
import type { MimeBundle } from '../../notebook/runningKernel';

/** The value of a cell's last line in every format it can be shown in. */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  if (types.isPromise(value)) return { 'text/plain': await describePromise(value) };
  if (typeof value !== 'object' || value === null) return { 'text/plain': inspect(value) };
  // Loaded when first needed: plots and tables take a moment.
  const { mimeBundle } = await import('../../notebook/display.js');
  return await mimeBundle(value);
}

/** That it is a promise, its value if it has one, and what to do. */
async function describePromise(promise: Promise<unknown>): Promise<string> {
  const pending = Symbol('pending');
  const value = await Promise.race([promise, Promise.resolve(pending)]);
  return value === pending
    ? 'a promise that is not settled yet: write await in front of it to have its value'
    : `a promise of ${inspect(value)}: write await in front of it to have that value`;
}
