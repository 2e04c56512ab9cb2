export { checkBasis } from './basis';
export { checkBendGradient } from './bendGradient';
export { checkChain } from './chain';
export { type Check, check, type Finding, type Judge, NOT_ANSWERED } from './check';
export { checkInterpolation } from './interpolation';
