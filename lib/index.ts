/** `pathlab`: everything a notebook of the lab uses, one line a folder. */
export { breathe } from './cancellation';
export * from './checks';
export * from './data';
export * from './engine';
export { InputError } from './errors';
export * from './nn';
export * from './notebook';
export * from './optim';
export * from './paths';
export * from './plane';
export * from './plots';
export { type Generator, generator, permutation } from './random';
export { shortPath } from './root';
export * from './tables';
export * from './training';
export * from './weights';
