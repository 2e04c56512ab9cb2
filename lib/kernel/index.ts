export { type Interpreter, type Listener, startInterpreter } from './interpreterProcess';
export type { DisplayOptions, Kernel, MimeBundle } from './kernel';
export { type Kernelspec, kernelspec } from './kernelspec';
export type { Setup } from './setup';
export { type StartOptions, startKernel } from './start';
