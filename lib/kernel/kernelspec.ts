import { dirname, join } from 'node:path';

/** A Jupyter kernelspec: how a front end starts the kernel. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
}

/** The lab's kernel, tslab under its own name, so that notebooks also open under a stock one. */
export function kernelspec(): Kernelspec {
  const tslab = join(dirname(require.resolve('tslab/package.json')), 'bin', 'tslab');
  return {
    argv: [process.execPath, tslab, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript (tslab)',
    language: 'typescript',
  };
}
