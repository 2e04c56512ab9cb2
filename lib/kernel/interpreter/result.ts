import { inspect } from 'node:util';
import type { MimeBundle } from '../../notebook/runningKernel';

/** The value of a cell's last line in every format it can be shown in. */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  if (typeof value !== 'object' || value === null) return { 'text/plain': inspect(value) };
  // Loaded when first needed: plots and tables take a moment.
  const { mimeBundle } = await import('../../notebook/display.js');
  return await mimeBundle(value);
}
