/** The engine's arithmetic, compiled to WebAssembly. All memory is laid out by the caller. */
export { evaluateSamples } from './evaluate';
export { lossAndGradient } from './step';
export { adam, combine, sgd } from './update';
