import { join } from 'node:path';
import { PROTOCOL_VERSION } from './wire';

/** A Jupyter kernelspec: how a front end starts the kernel. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'message' | 'signal';
  /** So that a client knows before the start whether it will be welcomed. */
  readonly kernel_protocol_version: string;
  readonly metadata: { readonly debugger: boolean };
}

/** How this package starts the kernel, with nothing brought to it. */
const PLAIN = [join(__dirname, 'cli.js'), 'start'];

/** @param start the script that calls `startKernel` with its last argument, and those before it */
export function kernelspec(start: readonly string[] = PLAIN): Kernelspec {
  return {
    argv: [process.execPath, ...start, '{connection_file}'],
    display_name: 'TypeScript (tslab)',
    language: 'typescript',
    interrupt_mode: 'message',
    kernel_protocol_version: PROTOCOL_VERSION,
    metadata: { debugger: false },
  };
}
