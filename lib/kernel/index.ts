export type { Comm, CommData, CommExtras, CommMessage, Comms } from './comms';
export type { Listener } from './interpreterProcess';
export type { DisplayOptions, Kernel, MimeBundle } from './kernel';
export { type Kernelspec, kernelspec } from './kernelspec';
export { type Cell, type Processes, startProcesses } from './processes';
export type { Setup } from './setup';
export { makeSnapshots } from './snapshot';
export { type StartOptions, startKernel } from './start';
export { valueBundle } from './values';
