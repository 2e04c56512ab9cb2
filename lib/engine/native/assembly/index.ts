/** The engine's arithmetic, compiled to WebAssembly. All memory is laid out by the caller. */
export { curvatureProduct, prepareCurvature } from './curvature';
export { evaluateSamples } from './evaluate';
export { meet } from './meet';
export { evaluateImages, forwardTogether, learnTogether } from './images/pass';
export { lossAndGradient } from './step';
export { adam, combine, combineLines, sgd } from './update';
export { wideStep } from './wide';
