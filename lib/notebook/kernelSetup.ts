import { join } from 'node:path';
import type { Setup } from 'typescript-notebook-kernel';
import { NOT_ANSWERED } from '../errors';

/** What the lab brings to its kernel: how plots, frames and tensors are shown. */
export const kernelSetup: Setup = {
  display: join(__dirname, 'display.js'),
  companions: {
    // So that a tensor prints well, and a training ends, also where pathlab is not imported.
    '@tensorflow/tfjs': join(__dirname, 'tensorflow.js'),
    'danfojs-node': join(__dirname, 'danfo.js'),
  },
  packages: ['pathlab', '@tensorflow/tfjs', 'danfojs-node'],
  brief: [NOT_ANSWERED],
  showAgain: "import { showAgain } from 'pathlab'; showAgain",
};
