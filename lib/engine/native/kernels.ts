import { workerData } from 'node:worker_threads';

/** The kernels as a thread has them, on the memory that all threads share. */

interface Kernels {
  lossAndGradient(...addresses: number[]): void;
  wideStep(...addresses: number[]): void;
  evaluateSamples(...addresses: number[]): void;
  prepareCurvature(...addresses: number[]): void;
  curvatureProduct(...addresses: number[]): void;
  combine(...addresses: number[]): void;
  combineLines(...addresses: number[]): void;
  sgd(...numbers: number[]): void;
  adam(...numbers: number[]): void;
  meet(...numbers: number[]): void;
  forwardTogether(...numbers: number[]): void;
  learnTogether(...numbers: number[]): void;
  evaluateImages(...numbers: number[]): void;
}

const { compiled, memory, index } = workerData as {
  compiled: WebAssembly.Module;
  memory: WebAssembly.Memory;
  index: number;
};
const instance = new WebAssembly.Instance(compiled, {
  env: {
    memory,
    abort: () => {
      throw new Error('a kernel of the native engine gave up');
    },
  },
});

export { index, memory };
export const kernels = instance.exports as unknown as Kernels;
