export { checkBasis } from './basis';
export { checkChain } from './chain';
export { type Check, check, type Finding, type Judge, NOT_ANSWERED } from './check';
export { checkInterpolation } from './interpolation';
