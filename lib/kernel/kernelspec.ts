import { join } from 'node:path';
import { projectRoot } from '../root';
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

/** The lab's kernel, under tslab's name, so that notebooks also open under a stock one. */
export function kernelspec(): Kernelspec {
  const main = join(projectRoot, 'lib', 'dist', 'kernel', 'main.js');
  return {
    argv: [process.execPath, main, '{connection_file}'],
    display_name: 'TypeScript (tslab)',
    language: 'typescript',
    interrupt_mode: 'message',
    kernel_protocol_version: PROTOCOL_VERSION,
    metadata: { debugger: false },
  };
}
