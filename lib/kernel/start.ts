import { readFileSync } from 'node:fs';
import type { Setup } from './setup';

/** How a kernel is started. */
export interface StartOptions {
  readonly setup?: Setup;
  /** Printed above the output of the first cell. */
  readonly notice?: string;
}

/**
 * Starts the kernel that Jupyter asks for; it lives until it is told to shut down.
 *
 * @param connectionFile the file that Jupyter wrote: its ports and key
 */
export async function startKernel(
  connectionFile: string,
  { setup = {}, notice }: StartOptions = {},
): Promise<void> {
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8'));
  // Loaded when they are needed: who only wants a type or the kernelspec has no sockets.
  const [{ openSockets }, { launch }] = await Promise.all([
    import('./sockets.js'),
    import('./launcher.js'),
  ]);
  launch(await openSockets(connection), setup, notice);
}
